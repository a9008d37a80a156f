// Which names of experts a certificate or a trusted key covers: globs in which '*' matches any
// text, also none, and every other character itself.

#ifndef ANDON_TRUST_SCOPE_H_
#define ANDON_TRUST_SCOPE_H_

#include <string_view>

namespace andon {

// Linear time.
bool ScopeMatches(std::string_view scope, std::string_view name);
// Whether every name that `inner` matches is one that `outer` matches.
bool ScopeContains(std::string_view outer, std::string_view inner);

}  // namespace andon

#endif  // ANDON_TRUST_SCOPE_H_
