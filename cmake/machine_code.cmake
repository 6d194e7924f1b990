# Archives of machine code from objects that have none: what g++ -flto writes without -ffat-lto-objects is read by no
# other compiler, and by g++ only together with the optimiser, for minutes.

# make_machine_code(<out> <archive> <object>...): an archive of the same objects, compiled to the end. Those done
# before are taken as they are. Says why and ends if the compiler fails. Uses CXX and AR.
function(make_machine_code out archive)
  set(made)
  set(log ${out}.log)
  file(WRITE ${log} "")
  foreach(object IN LISTS ARGN)
    list(LENGTH made number)
    set(native ${out}.objects/${number}.o)
    list(APPEND made ${native})
    if(EXISTS ${native} AND NOT ${object} IS_NEWER_THAN ${native})
      continue()
    endif()
    file(MAKE_DIRECTORY ${out}.objects)
    # Unpartitioned: g++ 12 crashes in the inliner of a partition ("during IPA pass: inline") on some of these objects.
    execute_process(COMMAND ${CXX} -r -nostdlib -flto -flto-partition=none -flinker-output=nolto-rel -w ${object} -o ${native}
      OUTPUT_VARIABLE text ERROR_VARIABLE text RESULT_VARIABLE code)
    file(APPEND ${log} "${text}")
    if(NOT code EQUAL 0)
      message(FATAL_ERROR "no machine code for ${archive} (log: ${log})\n${text}")
    endif()
  endforeach()
  file(REMOVE ${out})
  execute_process(COMMAND ${AR} rcs ${out} ${made} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
