# What every target of ours is compiled with. Third-party headers come in as SYSTEM and are exempt.

add_library(gauntlet_flags INTERFACE)
target_include_directories(gauntlet_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(
  gauntlet_flags
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wnon-virtual-dtor
            -Wold-style-cast
            # A fused multiply-add would give the same seed other numbers on other processors.
            -ffp-contract=off
            # Designated initialisers name what differs from the default; the rest is meant to be left out.
            -Wno-missing-field-initializers)

if(GAUNTLET_WERROR)
  target_compile_options(gauntlet_flags INTERFACE -Werror)
endif()

if(GAUNTLET_SANITIZE)
  # clang 14's function check reports Debian's C libraries called through C++ function pointers.
  set(sanitizers -fsanitize=${GAUNTLET_SANITIZE} -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    list(APPEND sanitizers -fno-sanitize=function)
  endif()
  add_compile_options(${sanitizers} -fno-omit-frame-pointer)
  add_link_options(${sanitizers})
endif()

if(GAUNTLET_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(GAUNTLET_COUNT_EDGES)
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize-coverage=trace-pc-guard>)
endif()
