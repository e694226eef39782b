#pragma once
#include <array>
#include <tuple>
#include <utility>

#include "core/catalogue/catalogue.hpp"
#include "kernels/space/portable.hpp"

/// A model declares each number once: a Field ties a member of its struct to name, unit, default, range and role. YAML
/// validation, `describe`, the JSON Schema, device arrays, recording and checkpoints fold over these declarations.
namespace ranvier {

/// The declaration of one member of a plain struct of numbers.
template <class Struct, class Number>
struct Field {
  Number Struct::*member;
  const char* name;
  Unit unit;
  double default_value;
  Range range;
  const char* doc;
  Role role;
  Form form = Form::quantity;
  bool required = false;
};

template <class Struct, class Number>
constexpr Field<Struct, Number> parameter(Number Struct::*member, const char* name, Unit unit, double default_value,
                                          Range range, const char* doc) {
  return {member, name, unit, default_value, range, doc, Role::parameter};
}

/// The same, to be given always: there is no default.
template <class Struct, class Number>
constexpr Field<Struct, Number> required(Field<Struct, Number> field) {
  field.required = true;
  return field;
}

/// A whole number that has to be given.
template <class Struct, class Number>
constexpr Field<Struct, Number> count(Number Struct::*member, const char* name, const char* doc) {
  return {member, name, unit::one, 0.0, range::non_negative, doc, Role::parameter, Form::count, true};
}

/// True (1) or false (0).
template <class Struct, class Number>
constexpr Field<Struct, Number> flag(Number Struct::*member, const char* name, bool default_value, const char* doc) {
  return {member, name, unit::one, default_value ? 1.0 : 0.0, range::any, doc, Role::parameter, Form::flag, false};
}

/// A state variable: can be initialised, recorded, and is checkpointed.
template <class Struct, class Number>
constexpr Field<Struct, Number> state(Number Struct::*member, const char* name, Unit unit, double default_value,
                                      const char* doc) {
  return {member, name, unit, default_value, range::any, doc, Role::state};
}

/// The same, where negative values have no meaning.
template <class Struct, class Number>
constexpr Field<Struct, Number> not_negative(Field<Struct, Number> field) {
  field.range.min = 0.0;
  return field;
}

/// A state variable that only the model itself knows; checkpointed.
template <class Struct, class Number>
constexpr Field<Struct, Number> internal(Number Struct::*member, const char* name, const char* doc) {
  return {member, name, unit::one, 0.0, range::any, doc, Role::internal};
}

/// A member without a public face: constants that a model derives from its parameters.
template <class Struct, class Number>
struct Member {
  Number Struct::*member;
};

template <class Struct, class... Number>
constexpr auto members(Number Struct::*... pointers) {
  return std::tuple{Member<Struct, Number>{pointers}...};
}

/// Number of members that a struct declares in `Struct::fields()`.
template <class Struct>
inline constexpr std::size_t field_count = std::tuple_size_v<decltype(Struct::fields())>;

namespace detail {

/// Member K as a constant: the declaration, with its texts and ranges, is then never made while a model runs.
template <class Struct, std::size_t K, class Real>
RANVIER_INLINE void load_member(Struct& s, Real value) {
  constexpr auto member = std::get<K>(Struct::fields()).member;
  s.*member = value;
}
template <class Struct, std::size_t K, class Real>
RANVIER_INLINE void store_member(const Struct& s, Real& value) {
  constexpr auto member = std::get<K>(Struct::fields()).member;
  value = s.*member;
}

template <class Struct, class Real, std::size_t... K>
RANVIER_INLINE Struct load([[maybe_unused]] const Real* base, [[maybe_unused]] std::size_t stride,
                           std::index_sequence<K...>) {
  Struct s;
  (load_member<Struct, K>(s, base[K * stride]), ...);
  return s;
}

template <class Struct, class Real, std::size_t... K>
RANVIER_INLINE void store([[maybe_unused]] const Struct& s, [[maybe_unused]] Real* base,
                          [[maybe_unused]] std::size_t stride, std::index_sequence<K...>) {
  (store_member<Struct, K>(s, base[K * stride]), ...);
}

}  // namespace detail

/// One element of a structure of arrays: field k of the element at `base` is `base[k * stride]`.
template <class Struct, class Real>
RANVIER_INLINE Struct load(const Real* base, std::size_t stride) {
  return detail::load<Struct>(base, stride, std::make_index_sequence<field_count<Struct>>{});
}

template <class Struct, class Real>
RANVIER_INLINE void store(const Struct& s, Real* base, std::size_t stride) {
  detail::store(s, base, stride, std::make_index_sequence<field_count<Struct>>{});
}

/// Host: calls f(k, field) for each declared member.
template <class Struct, class F>
void for_each_field(F&& f) {
  std::apply(
      [&](const auto&... field) {
        std::size_t k = 0;
        (f(k++, field), ...);
      },
      Struct::fields());
}

template <class Struct>
void append_field_infos(std::vector<FieldInfo>& infos) {
  for_each_field<Struct>([&](std::size_t, const auto& f) {
    infos.push_back({f.name, f.unit, f.default_value, f.range, f.role, f.doc, f.form, f.required});
  });
}

}  // namespace ranvier
