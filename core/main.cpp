#include "core/cli/commands.hpp"

int main(int argc, char** argv) { return ranvier::cli::main(argc, argv); }
