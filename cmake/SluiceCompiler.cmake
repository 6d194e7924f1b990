# How every target of this project is compiled.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()

find_program(SLUICE_CCACHE ccache)
mark_as_advanced(SLUICE_CCACHE)
if(SLUICE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SLUICE_CCACHE})
endif()

# Links in a tenth of the time, where the link does not optimise.
find_program(SLUICE_MOLD mold)
mark_as_advanced(SLUICE_MOLD)
if(SLUICE_MOLD AND (SLUICE_SANITIZE OR NOT SLUICE_LTO))
  add_link_options(-fuse-ld=mold)
endif()

add_library(sluice_compile_options INTERFACE)
target_compile_definitions(sluice_compile_options INTERFACE SLUICE_VERSION="${PROJECT_VERSION}")
target_compile_options(sluice_compile_options INTERFACE
  -ffp-contract=off  # the same bytes of report from every compiler
  -Wall -Wextra -Wpedantic -Wconversion -Wno-sign-conversion
  -Wno-missing-field-initializers  # fields that are not named have their defaults, which is meant
  $<$<BOOL:${SLUICE_WERROR}>:-Werror>
  # What g++ guesses after inlining: often wrong, so never a reason to stop (-Wrestrict: GCC bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # Where several files are compiled as one, it takes all but that one for headers.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-error=array-bounds>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-error=stringop-overflow>
  # Messages name files from the source tree's root, wherever that is.
  "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")

if(SLUICE_SANITIZE)
  add_compile_options(-fsanitize=${SLUICE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SLUICE_SANITIZE})
  if(SLUICE_SANITIZE MATCHES "address.*undefined")
    # A check at each access to each member is a third of what the compiler writes, and the address sanitizer finds
    # what most of them would: null and wild pointers.
    add_compile_options(-fno-sanitize=null,alignment,object-size,vptr,pointer-overflow)
  endif()
endif()

# What this project's libraries are compiled with. Fat objects carry machine code too, so that tests link without the
# optimiser; slim ones get it when they are installed (cmake/machine_code.cmake).
add_library(sluice_library_options INTERFACE)
target_link_libraries(sluice_library_options INTERFACE sluice_compile_options)
if(SLUICE_LTO AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT SLUICE_SANITIZE)
  set(SLUICE_LTO_FLAGS $<$<CONFIG:Release>:-flto=auto>)
  if(SLUICE_FAT_OBJECTS OR SLUICE_TESTS)
    list(APPEND SLUICE_LTO_FLAGS $<$<CONFIG:Release>:-ffat-lto-objects>)
  elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
    set(SLUICE_SLIM_OBJECTS ON)
  endif()
  target_compile_options(sluice_library_options INTERFACE ${SLUICE_LTO_FLAGS})
endif()

# Executables whose speed matters; without it the link is quick.
add_library(sluice_link_time_optimised INTERFACE)
target_link_libraries(sluice_link_time_optimised INTERFACE sluice_library_options)
target_link_options(sluice_link_time_optimised INTERFACE ${SLUICE_LTO_FLAGS}
  $<$<AND:$<CONFIG:Release>,$<BOOL:${SLUICE_LTO_FLAGS}>>:-O3>)
