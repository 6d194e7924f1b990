# `find_package(Sluice)` for somebody who wants the pipeline as a library, and the scenario library.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Sluice)
configure_package_config_file(cmake/SluiceConfig.cmake.in ${PROJECT_BINARY_DIR}/SluiceConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/SluiceConfig.cmake ${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake
  DESTINATION ${package_dir})

# A build whose objects have no machine code gets it now, and who builds without installing does not wait for it.
if(SLUICE_SLIM_OBJECTS)
  get_property(archives GLOBAL PROPERTY SLUICE_ARCHIVES)
  install(CODE "include(${PROJECT_SOURCE_DIR}/cmake/machine_code.cmake)
    set(CXX ${CMAKE_CXX_COMPILER})
    set(AR ${CMAKE_AR})")
  foreach(archive IN LISTS archives)
    set(native ${PROJECT_BINARY_DIR}/machine_code/$<TARGET_FILE_NAME:${archive}>)
    install(CODE "message(STATUS \"Machine code: $<TARGET_FILE_NAME:${archive}>\")
      make_machine_code(${native} $<TARGET_FILE_NAME:${archive}> $<TARGET_OBJECTS:${archive}>)
      file(COPY_FILE ${native}
        \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/$<TARGET_FILE_NAME:${archive}>\")")
  endforeach()
endif()

install(EXPORT SluiceTargets NAMESPACE Sluice:: DESTINATION ${package_dir})
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/sluice
  FILES_MATCHING PATTERN "*.yaml" PATTERN "*.json" PATTERN "*.csv" PATTERN "*.swf*")
