// Memory that is not to be had is an error that tests ask for: without this the address sanitizer
// ends the program there.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "allocator_may_return_null=1"; }
