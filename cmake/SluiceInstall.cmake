# `find_package(Sluice)` for somebody who wants the pipeline as a library, and the scenario library.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Sluice)
configure_package_config_file(cmake/SluiceConfig.cmake.in ${PROJECT_BINARY_DIR}/SluiceConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/SluiceConfig.cmake ${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake
  DESTINATION ${package_dir})
install(EXPORT SluiceTargets NAMESPACE Sluice:: DESTINATION ${package_dir})
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/sluice
  FILES_MATCHING PATTERN "*.yaml" PATTERN "*.json" PATTERN "*.csv" PATTERN "*.swf*")
