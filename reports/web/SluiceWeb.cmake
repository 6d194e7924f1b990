# SLUICE_FRONT_END: the source that holds the script of the HTML page, made from the TypeScript beside this file.
set(SLUICE_WEB AUTO CACHE STRING "Charts of the HTML page, built by npm: ON, OFF, or AUTO, which does without where it must")
set_property(CACHE SLUICE_WEB PROPERTY STRINGS AUTO ON OFF)

set(web ${CMAKE_CURRENT_LIST_DIR})
set(SLUICE_WEB_BUILD ${CMAKE_CURRENT_BINARY_DIR}/web)
set(SLUICE_FRONT_END ${SLUICE_WEB_BUILD}/front_end.cpp)
set(why_not "SLUICE_WEB is OFF")
set(SLUICE_WEB_BUILT OFF)
if(SLUICE_WEB)  # AUTO is true, too
  find_program(SLUICE_NODE node)
  find_program(SLUICE_NPM npm)
  mark_as_advanced(SLUICE_NODE SLUICE_NPM)
  set(why_not "no Node.js 18 or later, with npm")
  if(SLUICE_NODE AND SLUICE_NPM)
    execute_process(COMMAND ${SLUICE_NODE} --version OUTPUT_VARIABLE version ERROR_QUIET)
    if(version MATCHES "^v([0-9]+)" AND CMAKE_MATCH_1 GREATER_EQUAL 18)
      set(SLUICE_WEB_BUILT ON)
    endif()
  endif()
endif()

if(SLUICE_WEB_BUILT)
  # What the tests of the page need besides is left out of a build without tests.
  set(extent needed)
  if(SLUICE_TESTS)
    set(extent all)
  endif()
  file(GLOB web_sources CONFIGURE_DEPENDS ${web}/*.json ${web}/*.mjs ${web}/*.mts ${web}/src/*.ts ${web}/src/*/*.ts)
  add_custom_command(OUTPUT ${SLUICE_FRONT_END}
    COMMAND bash ${web}/build.sh ${SLUICE_WEB} ${extent} ${SLUICE_WEB_BUILD}
    DEPENDS ${web_sources} ${web}/build.sh
    COMMENT "Building the charts of the HTML page with npm" VERBATIM)
elseif(SLUICE_WEB STREQUAL "ON")
  message(FATAL_ERROR "SLUICE_WEB is ON: ${why_not}")
else()
  message(STATUS "sluice: HTML pages will have words and tables, but no charts: ${why_not}")
  file(CONFIGURE OUTPUT ${SLUICE_FRONT_END} CONTENT [[
#include "reports/html/front_end.hpp"

namespace sluice {
std::string front_end() { return {}; }
}  // namespace sluice
]])
endif()
