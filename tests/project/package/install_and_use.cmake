# Steps of the test package.find_package: installs, then builds and runs the example with each of the compilers.
function(step)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Another compiler than the one that built the archives has to link them too, and the linker's time is told.
function(build_and_run compiler)
  find_program(found_${compiler} ${compiler})
  if(NOT found_${compiler})
    message(STATUS "no ${compiler} here: the example is not built with it")
    return()
  endif()
  message(STATUS "with ${compiler}:")
  set(build ${WORK}/example-${compiler})
  step(${CMAKE_COMMAND} -S ${EXAMPLE} -B ${build} -G ${GENERATOR} -D CMAKE_BUILD_TYPE=Release
    -D CMAKE_CXX_COMPILER=${found_${compiler}} -D CMAKE_PREFIX_PATH=${WORK}/prefix
    "-DCMAKE_CXX_LINKER_LAUNCHER=${CMAKE_COMMAND}\;-E\;time")
  step(${CMAKE_COMMAND} --build ${build})
  execute_process(COMMAND ${build}/example OUTPUT_VARIABLE dispatches COMMAND_ERROR_IS_FATAL ANY)
  message("${dispatches}")
  string(REGEX MATCHALL "HIGH|MEDIUM|LOW" order "${dispatches}")
  if(NOT order STREQUAL "LOW;HIGH;MEDIUM;LOW;LOW;LOW;MEDIUM;HIGH")
    message(FATAL_ERROR "another order than that of strict_priority, and of the example's own policy")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK}/prefix ${WORK}/example-g++ ${WORK}/example-clang++)
step(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
build_and_run(g++)
build_and_run(clang++)
