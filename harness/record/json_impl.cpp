// The one translation unit that holds the compiled part of Boost.JSON.
#include <boost/json/src.hpp>
