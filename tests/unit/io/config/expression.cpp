#include "io/config/expression.hpp"

#include <clocale>
#include <map>

#include <gtest/gtest.h>

namespace ranvier {
namespace {

Names names(const std::map<std::string, Quantity>& known = {}) {
  return {[known](std::string_view name) -> std::optional<Quantity> {
            const auto found = known.find(std::string(name));
            return found == known.end() ? std::nullopt : std::optional(found->second);
          },
          [known] {
            std::vector<std::string> all;
            all.reserve(known.size());
            for (const auto& [name, value] : known) all.push_back(name);
            return all;
          }};
}

double in(const Unit& unit, const std::string& text, const std::map<std::string, Quantity>& known = {}) {
  const Quantity q = evaluate_expression(text, names(known));
  EXPECT_EQ(q.dimension, unit.dimension) << text;
  return in_unit(q, unit);
}

double plain(const std::string& text) { return in(unit::one, text); }

std::string error(const std::string& text, const std::map<std::string, Quantity>& known = {}) {
  try {
    evaluate_expression(text, names(known));
  } catch (const ExpressionError& e) {
    return e.reason;
  }
  return "no error";
}

TEST(Expression, Arithmetic) {
  EXPECT_EQ(plain("1 + 2 * 3"), 7.0);
  EXPECT_EQ(plain("(1 + 2) * 3"), 9.0);
  EXPECT_EQ(plain("7 - 2 - 1"), 4.0);
  EXPECT_EQ(plain("16 / 4 / 2"), 2.0);
  EXPECT_EQ(plain("2 ^ 3 ^ 2"), 512.0);
  EXPECT_EQ(plain("-2 ^ 2"), -4.0);
  EXPECT_EQ(plain("2 ^ -1"), 0.5);
  EXPECT_EQ(plain("--3"), 3.0);
  EXPECT_EQ(plain("1e3 + .5"), 1000.5);
  EXPECT_EQ(plain("0.1"), 0.1);
}

TEST(Expression, Functions) {
  EXPECT_DOUBLE_EQ(plain("exp(1) - e"), 0.0);
  EXPECT_DOUBLE_EQ(plain("log(e ^ 2)"), 2.0);
  EXPECT_EQ(plain("sqrt(9)"), 3.0);
  EXPECT_EQ(plain("abs(-4)"), 4.0);
  EXPECT_EQ(plain("min(3, 1, 2) + max(3, 1, 2)"), 4.0);
  EXPECT_EQ(plain("floor(2.7) + ceil(2.2) + round(2.5)"), 8.0);
  EXPECT_NEAR(plain("sin(pi / 6) + cos(pi / 3) + tan(pi / 4)"), 2.0, 1e-15);
  EXPECT_EQ(plain("pow(2, 10)"), 1024.0);
}

TEST(Expression, UnitsAreExact) {
  // Powers of ten stay apart from the digits, so nothing is rounded on the way to the default unit.
  EXPECT_EQ(in(unit::ms, "20 ms"), 20.0);
  EXPECT_EQ(in(unit::ms, "0.1 ms"), 0.1);
  EXPECT_EQ(in(unit::ms, "0.02 s"), 20.0);
  EXPECT_EQ(in(unit::ms, "100us"), 0.1);
  EXPECT_EQ(in(unit::pF, "0.2 nF"), 200.0);
  EXPECT_EQ(in(unit::Hz, "8 Hz"), 8.0);
  EXPECT_EQ(in(unit::Hz, "8 / s"), 8.0);
  EXPECT_EQ(in(unit::Hz, "8 1/s"), 8.0);
  EXPECT_EQ(in(unit::Hz, "0.008 /ms"), 8.0);
  EXPECT_EQ(in(unit::Hz, "2 * 8 kHz"), 16000.0);
  EXPECT_EQ(in(unit::ms, "2 min"), 120000.0);
  EXPECT_EQ(in(unit::ms, "1 s + 1 ms"), 1001.0);
  EXPECT_EQ(in(unit::ms, "2 * 20 ms"), 40.0);
}

TEST(Expression, DimensionsMultiplyAndDivide) {
  EXPECT_EQ(in(unit::pA, "10 nS * 20 mV"), 200.0);
  EXPECT_EQ(in(unit::ms, "200 pF / 10 nS"), 20.0);
  EXPECT_EQ(in(unit::mV, "sqrt(16 mV ^ 2)"), 4.0);
  EXPECT_EQ(in(unit::mV, "sqrt((3 mV)^2 + (4 mV)^2)"), 5.0);
  EXPECT_EQ(in(unit::mV, "min(5 mV, 0.004 V)"), 4.0);
  EXPECT_EQ(in(unit::mV, "5 mV/ms * 2 ms"), 10.0);
  EXPECT_EQ(plain("5 ms / 1 s"), 0.005);
  // A unit binds more tightly than division: one over two milliseconds.
  EXPECT_EQ(in(unit::Hz, "1 / 2 ms"), 500.0);
  EXPECT_EQ(in(unit::Hz, "1 / 2ms"), 500.0);
  EXPECT_EQ(in(unit::mV, "sqrt(16 mV^2)"), 4.0);
  EXPECT_EQ(in(unit::ms, "1 / 2 mV/ms * 4 mV"), 2.0);
  EXPECT_EQ(in(unit::ms, "1 / 2 mV / ms * 4 mV"), 2.0);
  EXPECT_EQ(in(unit::ms, "min(4 ms, 3 ms) / min(2, 3)"), 1.5);
  EXPECT_EQ(plain("6 ms / min(2 ms, 3 ms)"), 3.0);
}

TEST(Expression, BrunelThreshold) {
  const std::map<std::string, Quantity> v{{"V_th", quantity(20, unit::mV)},
                                          {"J", quantity(0.1, unit::mV)},
                                          {"C_E", quantity(1000, unit::one)},
                                          {"tau_m", quantity(20, unit::ms)},
                                          {"g", quantity(5, unit::one)}};
  // 20 / (0.1 * 1000 * 20) per ms = 0.01 per ms = 10 Hz.
  EXPECT_DOUBLE_EQ(in(unit::Hz, "V_th / (J * C_E * tau_m)", v), 10.0);
  EXPECT_EQ(in(unit::mV, "-g * J", v), -0.5);
}

TEST(Expression, DimensionErrors) {
  EXPECT_EQ(error("20 ms + 5 mV"), "cannot add a time and a voltage");
  EXPECT_EQ(error("20 ms - 5"), "cannot subtract a time and a plain number");
  EXPECT_EQ(error("exp(5 mV)"), "exp needs a plain number, got a voltage");
  EXPECT_EQ(error("max(1 ms, 2)"), "max of a plain number and a time");
  EXPECT_EQ(error("sqrt(2 ms)"), "a time has no square root");
  EXPECT_EQ(error("(2 ms) ^ 0.5"), "a time can be raised to whole powers up to 9 only");
  EXPECT_EQ(error("2 ^ 3 ms"), "an exponent needs a plain number, got a time");
}

TEST(Expression, NotFinite) {
  EXPECT_EQ(error("1 / 0"), "division by zero");
  EXPECT_EQ(error("1e308 * 10"), "the result is not a finite number");
  EXPECT_EQ(error("1e999"), "the number is too large or too small");
  EXPECT_EQ(error("log(0)"), "log() of this number is not finite");
  EXPECT_EQ(error("sqrt(-1)"), "the square root of a negative number");
  EXPECT_EQ(error("(-8) ^ (1/3)"), "the result is not a finite number");
  EXPECT_EQ(error("nan"), "'nan' is not a finite number");
  EXPECT_EQ(error("-inf"), "'inf' is not a finite number");
}

TEST(Expression, Syntax) {
  EXPECT_EQ(error("1 +"), "the expression ends too early");
  EXPECT_EQ(error("1 2"), "cannot read '2'");
  EXPECT_EQ(error("(1"), "a ')' is missing (inside { } and [ ] a comma ends the value: put the expression in quotes)");
  EXPECT_EQ(error("1)"), "cannot read ')'");
  EXPECT_EQ(error("0x10"), "cannot read '0x10'");
  EXPECT_EQ(error("1.2.3"), "cannot read '1.2.3'");
  EXPECT_EQ(error("010"), "'010' starts with a zero (some programs read this as an octal number); write 10");
  EXPECT_EQ(error("2 mV ^ (1 + 1)"), "after a unit ^ takes a whole number; write (.. mV) ^ ..");
  EXPECT_EQ(error("exp(1, 2)"), "exp() takes 1 argument, got 2");
  EXPECT_EQ(error("sprt(2)"), "unknown function 'sprt'. Did you mean 'sqrt'?");
  EXPECT_EQ(error("5 mv"), "'mv' is not a known unit. Did you mean 'mV'?");
  EXPECT_EQ(error("5 bananas"), "'bananas' is not a known unit");
  EXPECT_EQ(error("2 n", {{"n", quantity(1, unit::one)}}), "'n' follows a number; write '*' between them");
  EXPECT_EQ(error("tau_n", {{"tau_m", quantity(1, unit::ms)}}), "unknown name 'tau_n'. Did you mean 'tau_m'?");
}

TEST(Expression, DepthAndLengthAreBounded) {
  const std::string deep(2000, '('), signs(3000, '-');
  EXPECT_EQ(error(deep), "the expression is nested more than 32 deep");
  EXPECT_EQ(error(signs + "1"), "the expression is nested more than 32 deep");
  std::string powers = "2";
  for (int i = 0; i < 1000; ++i) powers += "^1";
  EXPECT_EQ(error(powers), "the expression is nested more than 32 deep");
  EXPECT_EQ(error(std::string(5000, '1')), "the expression is longer than 4096 characters");
}

TEST(Expression, TheLocaleDoesNotMatter) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  for (const char* comma : {"de_DE.UTF-8", "fr_FR.UTF-8"}) {
    std::setlocale(LC_ALL, comma);
    EXPECT_EQ(plain("1.5 + 0.25"), 1.75);
  }
  std::setlocale(LC_ALL, before.c_str());
}

}  // namespace
}  // namespace ranvier
