#include "io/config/expression.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/base/suggest.hpp"

namespace ranvier {
namespace {

constexpr std::size_t longest_text = 4096;
constexpr int deepest = 32;

using Arguments = std::vector<Quantity>;

template <double (*f)(double)>
Quantity of_plain(std::string_view name, const Arguments& a) {
  const double y = f(plain_number(a[0], name));
  if (!std::isfinite(y)) throw ExpressionError{fmt::format("{}() of this number is not finite", name)};
  return {y, 0, {}};
}

double exp_of(double x) { return std::exp(x); }
double log_of(double x) { return std::log(x); }
double floor_of(double x) { return std::floor(x); }
double ceil_of(double x) { return std::ceil(x); }
double round_of(double x) { return std::round(x); }
double sin_of(double x) { return std::sin(x); }
double cos_of(double x) { return std::cos(x); }
double tan_of(double x) { return std::tan(x); }

template <int sign>
Quantity extreme(std::string_view name, const Arguments& a) {
  Quantity best = a[0];
  for (const auto& q : a)
    if (compare(q, best, name) == sign) best = q;
  return best;
}

struct Function {
  std::string_view name;
  std::size_t least, most;  ///< number of arguments
  Quantity (*apply)(std::string_view name, const Arguments&);
};

constexpr std::size_t any_number = 1000;
constexpr std::array functions{
    Function{"exp", 1, 1, of_plain<exp_of>},
    Function{"log", 1, 1, of_plain<log_of>},
    Function{"sqrt", 1, 1, [](std::string_view, const Arguments& a) { return square_root(a[0]); }},
    Function{"abs", 1, 1,
             [](std::string_view, const Arguments& a) {
               return Quantity{std::abs(a[0].value), a[0].exponent, a[0].dimension};
             }},
    Function{"min", 1, any_number, extreme<-1>},
    Function{"max", 1, any_number, extreme<1>},
    Function{"floor", 1, 1, of_plain<floor_of>},
    Function{"ceil", 1, 1, of_plain<ceil_of>},
    Function{"round", 1, 1, of_plain<round_of>},
    Function{"sin", 1, 1, of_plain<sin_of>},
    Function{"cos", 1, 1, of_plain<cos_of>},
    Function{"tan", 1, 1, of_plain<tan_of>},
    Function{"pow", 2, 2, [](std::string_view, const Arguments& a) { return power(a[0], a[1]); }},
};

struct Constant {
  std::string_view name;
  double value;
};
constexpr std::array constants{Constant{"pi", std::numbers::pi}, Constant{"e", std::numbers::e}};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Bytes above ASCII belong to names, so that the micro and ohm signs can stand in units.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

class ExpressionReader {
 public:
  ExpressionReader(std::string_view text, const Names& names) : text_(text), names_(names) {}

  Quantity read() {
    const Quantity result = sum();
    if (!at_end()) fail_here();
    return result;
  }

 private:
  /// Guards every way in which the grammar can nest.
  struct Nested {
    explicit Nested(int& depth) : depth_(depth) {
      if (++depth_ > deepest) throw ExpressionError{fmt::format("the expression is nested more than {} deep", deepest)};
    }
    ~Nested() { --depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    int& depth_;
  };

  Quantity sum() {
    Quantity left = product();
    for (;;) {
      if (accept('+'))
        left = add(left, product());
      else if (accept('-'))
        left = subtract(left, product());
      else
        return left;
    }
  }

  Quantity product() {
    Quantity left = signed_atom();
    for (;;) {
      if (accept('*'))
        left = multiply(left, signed_atom());
      else if (accept('/'))
        left = divide(left, signed_atom());
      else
        return left;
    }
  }

  Quantity signed_atom() {
    const Nested nested(depth_);
    if (accept('+')) return signed_atom();
    if (accept('-')) {
      Quantity q = signed_atom();
      q.value = -q.value;
      return q;
    }
    const Quantity base = atom();
    return accept('^') ? power(base, signed_atom()) : base;
  }

  Quantity atom() {
    skip_blanks();
    if (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) return number();
    if (at_ < text_.size() && is_letter(text_[at_])) return named();
    if (!accept('(')) fail_here();
    const Quantity inside = sum();
    close();
    return inside;
  }

  Quantity number() {
    const std::size_t start = at_;
    const char* const last = text_.data() + text_.size();
    double value = 0.0;
    const auto [end, error] = std::from_chars(text_.data() + at_, last, value);
    if (error == std::errc::result_out_of_range) throw ExpressionError{"the number is too large or too small"};
    if (error != std::errc{} && at_ + 1 < text_.size() && is_letter(text_[at_ + 1]))
      throw ExpressionError{fmt::format("'{}' is not a finite number", text_.substr(at_))};
    if (error != std::errc{}) fail_here();
    at_ = static_cast<std::size_t>(end - text_.data());
    const std::string_view digits = text_.substr(start, at_ - start);
    if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]))
      throw ExpressionError{
          fmt::format("'{}' starts with a zero (some programs read this as an octal number); write {}", digits, value)};
    if (at_ < text_.size() && (text_[at_] == '.' || (digits == "0" && (text_[at_] | 0x20) == 'x'))) fail_here(start);
    return unit_after(value);
  }

  /// The unit that follows a number, such as `ms`, `um^2`, `uF/cm2`, `1/s`. Blanks change nothing.
  Quantity unit_after(double value) {
    const std::size_t start = skip_blanks();
    std::size_t end = start;
    if (text_.substr(start, 2) == "1/") end = start + 2;
    if (!unit_factor(end)) {
      if (end == start && at_ < text_.size() && is_letter(text_[at_])) unknown_unit();
      return {value, 0, {}};
    }
    for (;;) {
      std::size_t next = after_blanks(end);
      if (next == text_.size() || (text_[next] != '/' && text_[next] != '*') || !unit_factor(++next)) break;
      end = next;
    }
    at_ = end;
    std::string symbols(text_.substr(start, end - start));
    std::erase_if(symbols, is_blank);
    if (const auto next = after_blanks(end); next < text_.size() && text_[next] == '^')
      throw ExpressionError{fmt::format("after a unit ^ takes a whole number; write (.. {}) ^ ..", symbols)};
    const auto unit = parse_unit(symbols);
    if (!unit) throw ExpressionError{fmt::format("'{}' is not a unit", symbols)};
    return quantity(value, unit->dimension, unit->scale);
  }

  /// Moves `end` over one unit symbol and its power; false where there is none.
  bool unit_factor(std::size_t& end) const {
    const std::size_t start = after_blanks(end);
    std::size_t stop = start;
    while (stop < text_.size() && (is_letter(text_[stop]) || (stop > start && is_digit(text_[stop])))) ++stop;
    const std::size_t next = after_blanks(stop);
    const bool function = next < text_.size() && text_[next] == '(';
    if (stop == start || function || !parse_unit(text_.substr(start, stop - start))) return false;
    end = stop;
    if (next == text_.size() || text_[next] != '^') return true;
    std::size_t power = after_blanks(next + 1);
    if (power < text_.size() && text_[power] == '-') ++power;
    if (power == text_.size() || !is_digit(text_[power])) return true;
    while (power < text_.size() && is_digit(text_[power])) ++power;
    end = power;
    return true;
  }

  [[noreturn]] void unknown_unit() const {
    const std::string_view name = word();
    const std::string near = nearest_unit(name);
    if (names_.find(name) || is_reserved_name(name))
      throw ExpressionError{fmt::format("'{}' follows a number; write '*' between them", name)};
    throw ExpressionError{
        fmt::format("'{}' is not a known unit{}", name, near.empty() ? "" : fmt::format(". Did you mean '{}'?", near))};
  }

  Quantity named() {
    const std::string_view name = word();
    const std::size_t start = at_;
    at_ += name.size();
    if (accept('(')) return call(name);
    for (const auto& c : constants)
      if (c.name == name) return {c.value, 0, {}};
    if (const auto value = names_.find(name)) return *value;
    if (const auto unit = parse_unit(name)) return quantity(1.0, unit->dimension, unit->scale);
    at_ = start;
    unknown_name(name);
  }

  Quantity call(std::string_view name) {
    Arguments arguments;
    do arguments.push_back(sum());
    while (accept(',') && arguments.size() < any_number);
    close();
    for (const auto& f : functions) {
      if (f.name != name) continue;
      if (arguments.size() < f.least || arguments.size() > f.most)
        throw ExpressionError{
            fmt::format("{}() takes {} argument{}, got {}", name, f.least, f.least == 1 ? "" : "s", arguments.size())};
      return f.apply(name, arguments);
    }
    const std::string near = did_you_mean(name, function_names());
    throw ExpressionError{
        fmt::format("unknown function '{}'.{}", name,
                    near.empty() ? fmt::format(" Known: {}", fmt::join(function_names(), ", ")) : near)};
  }

  [[noreturn]] void unknown_name(std::string_view name) const {
    if (name == "nan" || name == "inf" || name == "NaN" || name == "infinity")
      throw ExpressionError{fmt::format("'{}' is not a finite number", name)};
    auto candidates = names_.all();
    for (const auto& c : constants) candidates.emplace_back(c.name);
    const std::string suggestion = did_you_mean(name, candidates);
    throw ExpressionError{fmt::format("unknown name '{}'{}", name, suggestion.empty() ? "" : "." + suggestion)};
  }

  std::string_view word() const {
    std::size_t end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    return text_.substr(at_, end - at_);
  }

  void close() {
    if (accept(')')) return;
    if (!at_end()) fail_here();
    throw ExpressionError{"a ')' is missing (inside { } and [ ] a comma ends the value: put the expression in quotes)"};
  }

  std::size_t after_blanks(std::size_t at) const {
    while (at < text_.size() && is_blank(text_[at])) ++at;
    return at;
  }
  std::size_t skip_blanks() { return at_ = after_blanks(at_); }
  bool at_end() { return skip_blanks() == text_.size(); }

  bool accept(char c) {
    if (skip_blanks() == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void fail_here() const { fail_here(at_); }
  [[noreturn]] void fail_here(std::size_t at) const {
    if (at >= text_.size()) throw ExpressionError{"the expression ends too early"};
    throw ExpressionError{fmt::format("cannot read '{}'", text_.substr(at))};
  }

  std::string_view text_;
  const Names& names_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Quantity evaluate_expression(std::string_view text, const Names& names) {
  if (text.size() > longest_text)
    throw ExpressionError{fmt::format("the expression is longer than {} characters", longest_text)};
  return ExpressionReader(text, names).read();
}

bool is_reserved_name(std::string_view name) {
  for (const auto& f : functions)
    if (f.name == name) return true;
  for (const auto& c : constants)
    if (c.name == name) return true;
  return parse_unit(name).has_value();
}

std::vector<std::string> function_names() {
  std::vector<std::string> all;
  all.reserve(functions.size());
  for (const auto& f : functions) all.emplace_back(f.name);
  return all;
}

}  // namespace ranvier
