# One library target per folder, and who may include whom.

# Makes `#include "<folder>/x.hpp"` work in <out_dir>, and no other folder with it: the source tree's root is
# on nobody's include path, only a directory that holds one link named like the folder.
# Of a folder inside another one nothing is seen of what is beside it.
function(sluice_stage_folder folder out_dir)
  cmake_path(GET folder FILENAME name)
  set(stage ${PROJECT_BINARY_DIR}/include/${name})
  cmake_path(GET folder PARENT_PATH parent)
  file(MAKE_DIRECTORY ${stage}/${parent})
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${stage}/${folder} SYMBOLIC)
  set(${out_dir} ${stage} PARENT_SCOPE)
endfunction()

# sluice_precompile(<target> <header>...): with SLUICE_PCH the target's sources get these headers, and those that most
# files include, precompiled.
function(sluice_precompile target)
  if(SLUICE_PCH)
    target_precompile_headers(${target} PRIVATE ${ARGN} <algorithm> <functional> <map> <memory> <optional> <span>
      <string> <string_view> <unordered_map> <variant> <vector> <fmt/format.h>)
  endif()
endfunction()

# sluice_add_folder(<folder> SOURCES <file>... [PUBLIC <target>...] [PRIVATE <target>...]
#                  [HEAVY_HEADERS <header>...] [INSIDE <room>...])
# Defines sluice_<name> and Sluice::<name>, <name> being the last part of <folder>; installed and exported. A folder of
# headers alone is fine; one inside another is a library of its own.
# HEAVY_HEADERS are precompiled with SLUICE_PCH. Headers of rooms INSIDE are not installed: no face needs them.
function(sluice_add_folder folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE;HEAVY_HEADERS;INSIDE")
  sluice_stage_folder(${folder} stage)
  cmake_path(GET folder FILENAME name)
  set(target sluice_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(usage PUBLIC)
    target_link_libraries(${target} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:sluice_library_options>)
    # Under a sanitizer the optimiser takes longer over the recorders than their tests without it.
    if(folder MATCHES "^(base|pipeline|sim)$" OR (folder STREQUAL reports AND NOT SLUICE_SANITIZE))
      target_compile_options(${target} PRIVATE ${SLUICE_SIMULATION_FLAGS})
    endif()
  else()
    add_library(${target} INTERFACE)
    set(usage INTERFACE)
  endif()
  add_library(Sluice::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  if(arg_SOURCES)
    sluice_precompile(${target} ${arg_HEAVY_HEADERS})
  endif()
  target_compile_features(${target} ${usage} cxx_std_20)
  target_compile_options(${target} ${usage} $<BUILD_INTERFACE:-fmacro-prefix-map=${stage}/=>)
  target_include_directories(${target} ${usage}
    $<BUILD_INTERFACE:${stage}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/sluice>)
  target_link_libraries(${target} ${usage} ${arg_PUBLIC})

  if(arg_SOURCES)
    set_property(GLOBAL APPEND PROPERTY SLUICE_ARCHIVES ${target})
  endif()
  install(TARGETS ${target} EXPORT SluiceTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  set(inside)
  foreach(room IN LISTS arg_INSIDE)
    list(APPEND inside REGEX "/${folder}/${room}$" EXCLUDE)
  endforeach()
  cmake_path(GET folder PARENT_PATH parent)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sluice/${parent} FILES_MATCHING PATTERN "*.hpp" ${inside})
endfunction()
