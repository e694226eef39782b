#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/catalogue/catalogue.hpp"
#include "io/config/variables.hpp"
#include "io/files/file_facts.hpp"
#include "io/text/errors.hpp"

namespace ranvier {

/// What every part of the reader needs.
struct Context {
  const Catalogue& catalogue;
  Errors& errors;
  Variables& variables;
  FileFacts& files;
  std::string directory;  ///< relative dataset paths start here
  double dt = 0.1;        ///< ms; known once `simulation` has been read

  template <class... A>
  void error(const Place& place, fmt::format_string<A...> text, A&&... a) {
    errors.add(place, fmt::format(text, std::forward<A>(a)...));
  }
};

/// What is expected of a number or value: `name` as it stands in messages.
struct Expected {
  std::string name;
  Unit unit = unit::one;
  Range range = range::any;
  Form form = Form::quantity;
  std::string_view of = "all neurons";  ///< whose number it is, where there can be only one
};

/// ". Did you mean 'x'?", or ". Known: x, y" where nothing is near and few are known, or "".
std::string hint_for(std::string_view text, const std::vector<std::string>& known);

}  // namespace ranvier
