// gzip (RFC 1952), one member a file.
//
//    0  2  mark 1F 8B              10  ..  with FEXTRA: u16 length, bytes
//    2  1  method 8, deflate           ..  with FNAME: a name, then NUL
//    3  1  flags                       ..  with FCOMMENT: a comment, then NUL
//    4  4  time                         2  with FHCRC: the low half of the header's CRC-32
//    8  1  what the packer did         ..  a deflate stream
//    9  1  operating system             4  CRC-32 of the content
//                                       4  size of the content, modulo 2^32
//
// Time, packer, system and name are whatever the maker's tools wrote and change nothing.

#ifndef ANDON_ARCHIVE_GZIP_H_
#define ANDON_ARCHIVE_GZIP_H_

#include <cstdint>

#include "common/bytes.h"
#include "common/status.h"

namespace andon {

bool LooksLikeGzip(ByteView head);

// The stated size is compared with `max_output` and with what a file of this size may expand to
// (expansion.h) before anything is allocated. Errors: GzipMalformed, GzipRatio, GzipChecksum,
// Inflate... (InflateTrailingData where a second member follows).
Result<Bytes> Gunzip(ByteView file, uint64_t max_output);

// Deterministic: no name, time 0. Content that would expand more than Gunzip allows is stored.
// REQUIRES: below 4 GiB.
Bytes Gzip(ByteView bytes, int level = 6);

}  // namespace andon

#endif  // ANDON_ARCHIVE_GZIP_H_
