# Everything Gauntlet is built from comes from Debian 12 packages (packages.txt); nothing is downloaded here.

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(SQLite3 3.37 REQUIRED)
find_package(Protobuf 3.21 REQUIRED)
if(GAUNTLET_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
if(GAUNTLET_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()

# Asio is compiled once (asio_impl.cpp); its headers then only declare.
add_library(gauntlet_asio STATIC ${PROJECT_SOURCE_DIR}/cmake/asio_impl.cpp)
target_compile_definitions(gauntlet_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION
                                                BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(gauntlet_asio PUBLIC Boost::headers Threads::Threads)

# Boost.URL likewise; Debian's headers carry its sources.
add_library(gauntlet_url STATIC ${PROJECT_SOURCE_DIR}/cmake/url_impl.cpp)
target_link_libraries(gauntlet_url PUBLIC Boost::headers)
