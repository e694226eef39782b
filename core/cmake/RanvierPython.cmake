# A Python for tests and plots: the first of the candidates that can read our files. The one on PATH may be a version
# manager's, without the system's packages.
function(ranvier_python_works result interpreter)
  execute_process(COMMAND "${interpreter}" -c "import h5py, jsonschema, numpy, scipy, yaml"
    RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  if(NOT status EQUAL 0)
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

find_program(RANVIER_PYTHON python3 PATHS /usr/bin VALIDATOR ranvier_python_works)
if(NOT RANVIER_PYTHON)
  message(FATAL_ERROR "No Python 3 with h5py, jsonschema, numpy, scipy and yaml was found; "
    "install python3-h5py python3-jsonschema python3-scipy python3-yaml or set RANVIER_PYTHON")
endif()
