#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Files written from a description of a few lines, so that a fuzzer that changes the description makes files that are
/// valid HDF5 and wrong in what they say. (Random bytes in a real file end in the HDF5 library, whose faults these are
/// not; Ranvier reads such files in a child process.)
///
///   >> nodes.h5                                         begins a file; one that does not end in .h5 is the text that follows
///   format new                                          version 1.8 of HDF5 or later (else the oldest that fits)
///   group /nodes/exc
///   data /nodes/exc/node_id u8 3 chunk=2 gzip = 0 1 2   type, shape, layout, values; fewer values than elements: zeros
///   attr /nodes/exc/node_id units text . = ms           name, type, shape, values
///   link /old /new         soft target /new         external other.h5 /object /new
///
/// Types: i1 to i8, u1 to u8, f4, f8 (big-endian with a `>` in front), text, text4 (fixed), enum, and such as our readers
/// refuse: f16, bits, opaque, compound, array, list, ref. Shapes: `3`, `3x2`, `.` (scalar), `-` (null). Layout: chunk=2x2,
/// gzip, fletcher, shuffle, compact, growing, empty (nothing is written). In texts %XX is a byte.
/// Lines that make no sense are left out.
namespace ranvier::fuzz {

/// Writes the files into `folder` and returns their names, without repetition, in the order of the text.
std::vector<std::string> write_described(const std::string& folder, std::string_view description);

}  // namespace ranvier::fuzz
