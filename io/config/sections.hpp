#pragma once
#include <functional>
#include <string>
#include <vector>

#include "io/config/context.hpp"
#include "io/config/grammar.hpp"

namespace ranvier {

/// Checks that `node` is a map with all required keys of `section` and no others; `model` brings further keys, its
/// parameters. Where the section selects a model but none is known, the fields of all models pass.
/// `hint` may say of an unknown key what to do, ". Do this"; else the nearest known one is named.
/// False where it is no map.
bool check_section(Context&, const YamlNode&, const grammar::Section&, const ModelInfo* model = nullptr,
                   const std::function<std::string(const std::string& key)>& hint = {});

/// The value under a key; null where it is absent.
inline const YamlNode* find(const YamlNode& map, const grammar::Key& key) { return map.find(key.name); }

/// The name of a new thing: letters, digits, '_' and '-', starting with a letter or '_', at most 64 long.
bool check_new_name(Context&, const Place&, const std::string& name, const std::string& what);

/// Names of all models of a kind.
std::vector<std::string> model_names(const Catalogue&, ModelKind);

}  // namespace ranvier
