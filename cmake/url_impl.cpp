// The one translation unit that holds the compiled part of Boost.URL.
#include <boost/url/src.hpp>
