#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "kernels/models/neurons/hh.hpp"
#include "kernels/models/neurons/morris_lecar.hpp"
#include "kernels/models/neurons/pinsky_rinzel.hpp"
#include "kernels/models/neurons/traub_hh.hpp"
#include "kernels/models/neurons/wang_buzsaki.hpp"
#include "kernels/populations/storage.hpp"
#include "tests/validation/bounded.hpp"

/// Slopes of all gated neurons from -200 to 200 mV, in both precisions, against the papers' equations in long double: no
/// potential, and none of those at which a rate is 0/0 or their neighbours, gives anything but the right number.
namespace ranvier {
namespace {

using test::Bounded;

/// Every 1/64 mV, and nine floats around each singular point.
template <class Real>
std::vector<Real> potentials(const std::vector<double>& singular) {
  std::vector<Real> all;
  for (int i = -200 * 64; i <= 200 * 64; ++i) all.push_back(static_cast<Real>(i / 64.0));
  for (const double point : singular) {
    auto V = static_cast<Real>(point);
    for (int k = 0; k < 4; ++k) V = std::nextafter(V, static_cast<Real>(-1000));
    for (int k = 0; k < 9; ++k, V = std::nextafter(V, static_cast<Real>(1000))) all.push_back(V);
  }
  return all;
}

/// The kernel may take the operations in another order, and merge constants: as many roundings again are granted.
constexpr long double other_orders = 2.0L;

/// Slopes and decays as a paper has them.
template <class Real, int N>
struct Expected {
  Bounded<Real> rate[N], decay[N];
};

/// Opening and closing rate of a gate.
template <class Real>
struct Gate {
  Bounded<Real> alpha, beta;
  Bounded<Real> steady() const { return alpha / (alpha + beta); }
  Bounded<Real> slope(Real x) const {
    return alpha * (Bounded<Real>::exact(1) - Bounded<Real>::exact(x)) - beta * Bounded<Real>::exact(x);
  }
  Bounded<Real> decay() const { return alpha + beta; }
};

/// Conductances g and reversal potentials E of a membrane: C dV/dt = sum of g (E - V).
template <class Real>
struct Membrane {
  Bounded<Real> g = Bounded<Real>::exact(0), J = Bounded<Real>::exact(0);
  void add(const Bounded<Real>& conductance, const Bounded<Real>& E) {
    g = g + conductance;
    J = J + conductance * E;
  }
  Bounded<Real> slope(Real V, long double C) const { return (J - g * Bounded<Real>::exact(V)) / Bounded<Real>(C); }
  Bounded<Real> decay(long double C) const { return g / Bounded<Real>(C); }
};

constexpr double drive_G = 0.75, drive_J = 1.25;  // exact in single precision

template <class Real>
void add_drive(Membrane<Real>& membrane) {
  membrane.g = membrane.g + Bounded<Real>::exact(drive_G);
  membrane.J = membrane.J + Bounded<Real>::exact(drive_J);
}

template <class Real, int N>
void expect_slopes(const Slopes<Real, N>& got, const Expected<Real, N>& want, Real V) {
  for (int k = 0; k < N; ++k) {
    const auto check = [&](Real is, const Bounded<Real>& should, const char* what) {
      EXPECT_LE(std::abs(static_cast<long double>(is) - should.value), other_orders * should.error)
          << what << ' ' << k << " at V = " << V << " mV: " << is << ", not " << static_cast<double>(should.value);
    };
    check(got.rate[k], want.rate[k], "slope");
    check(got.decay[k], want.decay[k], "decay");
  }
}

/// A step of the default method from there: all variables finite, gates from 0 to `most`.
template <class M, class State, class C, class D>
void expect_finite_step(State s, const C& c, const D& drive, double most) {
  const auto V = s.V_m;
  ExponentialEuler<decltype(s.V_m)>{}.template advance<M>(s, c, drive);
  for_each_field<State>([&](std::size_t, const auto& f) {
    const auto x = s.*f.member;
    EXPECT_TRUE(std::isfinite(x)) << f.name << " after a step from " << V << " mV";
    const bool is_gate = !f.range.unbounded();
    EXPECT_TRUE(!is_gate || (x >= 0 && x <= most)) << f.name << " = " << x << " after a step from " << V << " mV";
  });
}

/// `state(V, x)` with all gates at x, `expected(state, parameters)` from a paper.
template <template <class> class Model, class Real, class MakeState, class Reference>
void scan(const std::vector<double>& singular, MakeState state, Reference expected, double most = 1.0) {
  using M = Model<Real>;
  const auto parameters = parameters_of<typename M::Parameters>({}, 0);
  const auto constants = M::derive(parameters, 0.0625);
  const Drive<Real> drive{Real(drive_G), Real(drive_J), Real(0)};
  for (const Real V : potentials<Real>(singular))
    for (const Real x : {Real(0), Real(0.375), Real(1)}) {
      const auto s = state(V, x);
      expect_slopes(M::slopes(s, constants, drive), expected(s, parameters), V);
      expect_finite_step<M>(s, constants, drive, most);
      if (testing::Test::HasFailure()) return;  // one is enough to read
    }
}

#define SCAN_BOTH(Model, singular, expected, ...)                                     \
  scan<Model, double>(                                                                \
      singular, [](double V, double x) { return Model<double>::State{__VA_ARGS__}; }, \
      [](const auto& s, const auto& p) { return expected<double>(s, p); });           \
  scan<Model, float>(                                                                 \
      singular, [](float V, float x) { return Model<float>::State{__VA_ARGS__}; },    \
      [](const auto& s, const auto& p) { return expected<float>(s, p); })

/// Hodgkin & Huxley 1952 on the axis of V_m, as in Dayan & Abbott 2001, eq. 5.22 and 5.24.
template <class Real, class State, class P>
Expected<Real, 4> hodgkin_huxley(const State& s, const P& p) {
  using B = Bounded<Real>;
  const B V = B::exact(s.V_m), m = B::exact(s.m), h = B::exact(s.h), n = B::exact(s.n);
  const Gate<Real> of_m{over_one_minus_exp((V + 40) / 10), B(4) * exp(-(V + 65) / 18)};
  const Gate<Real> of_h{B(0.07L) * exp(-(V + 65) / 20), sigmoid((V + 35) / 10)};
  const Gate<Real> of_n{B(0.1L) * over_one_minus_exp((V + 55) / 10), B(0.125L) * exp(-(V + 65) / 80)};
  Membrane<Real> membrane;
  membrane.add(B(p.g_Na) * m * m * m * h, p.E_Na);
  membrane.add(B(p.g_K) * n * n * n * n, p.E_K);
  membrane.add(p.g_L, p.E_L);
  add_drive(membrane);
  return {{membrane.slope(s.V_m, p.C_m), of_m.slope(s.m), of_h.slope(s.h), of_n.slope(s.n)},
          {membrane.decay(p.C_m), of_m.decay(), of_h.decay(), of_n.decay()}};
}

TEST(Rates, HodgkinHuxley) { SCAN_BOTH(Hh, (std::vector<double>{-40, -55}), hodgkin_huxley, V, x, x, x); }

/// Brette et al. 2007, appendix 2, benchmark 3.
template <class Real, class State, class P>
Expected<Real, 4> traub(const State& s, const P& p) {
  using B = Bounded<Real>;
  const B v = B::exact(s.V_m) - p.V_T, m = B::exact(s.m), h = B::exact(s.h), n = B::exact(s.n);
  const Gate<Real> of_m{B(0.32L) * B(4) * over_expm1((B(13) - v) / 4), B(0.28L) * B(5) * over_expm1((v - 40) / 5)};
  const Gate<Real> of_h{B(0.128L) * exp((B(17) - v) / 18), B(4) * sigmoid((v - 40) / 5)};
  const Gate<Real> of_n{B(0.032L) * B(5) * over_expm1((B(15) - v) / 5), B(0.5L) * exp((B(10) - v) / 40)};
  Membrane<Real> membrane;
  membrane.add(B(p.g_Na) * m * m * m * h, p.E_Na);
  membrane.add(B(p.g_K) * n * n * n * n, p.E_K);
  membrane.add(p.g_L, p.E_L);
  add_drive(membrane);
  return {{membrane.slope(s.V_m, p.C_m), of_m.slope(s.m), of_h.slope(s.h), of_n.slope(s.n)},
          {membrane.decay(p.C_m), of_m.decay(), of_h.decay(), of_n.decay()}};
}

TEST(Rates, TraubMiles) { SCAN_BOTH(TraubHh, (std::vector<double>{-63 + 13, -63 + 40, -63 + 15}), traub, V, x, x, x); }

/// Wang & Buzsaki 1996, p. 6403.
template <class Real, class State, class P>
Expected<Real, 3> wang_buzsaki(const State& s, const P& p) {
  using B = Bounded<Real>;
  const B V = B::exact(s.V_m), h = B::exact(s.h), n = B::exact(s.n), phi = p.phi;
  const B m = Gate<Real>{over_one_minus_exp(B(0.1L) * (V + 35)), B(4) * exp(-(V + 60) / 18)}.steady();
  const Gate<Real> of_h{B(0.07L) * exp(-(V + 58) / 20), sigmoid(B(0.1L) * (V + 28))};
  const Gate<Real> of_n{B(0.1L) * over_one_minus_exp(B(0.1L) * (V + 34)), B(0.125L) * exp(-(V + 44) / 80)};
  Membrane<Real> membrane;
  membrane.add(B(p.g_Na) * m * m * m * h, p.E_Na);
  membrane.add(B(p.g_K) * n * n * n * n, p.E_K);
  membrane.add(p.g_L, p.E_L);
  add_drive(membrane);
  return {{membrane.slope(s.V_m, p.C_m), phi * of_h.slope(s.h), phi * of_n.slope(s.n)},
          {membrane.decay(p.C_m), phi * of_h.decay(), phi * of_n.decay()}};
}

TEST(Rates, WangBuzsaki) { SCAN_BOTH(WangBuzsaki, (std::vector<double>{-35, -34}), wang_buzsaki, V, x, x); }

/// Morris & Lecar 1981, eq. 1 and 2.
template <class Real, class State, class P>
Expected<Real, 2> morris_lecar(const State& s, const P& p) {
  using B = Bounded<Real>;
  const B V = B::exact(s.V_m), W = B::exact(s.W), half = 0.5L;
  const B M = half * (B(1) + tanh((V - p.V_1) / p.V_2));
  const B W_inf = half * (B(1) + tanh((V - p.V_3) / p.V_4));
  const B rate = B(p.phi) * cosh((V - p.V_3) / (B(2) * p.V_4));
  Membrane<Real> membrane;
  membrane.add(B(p.g_Ca) * M, p.E_Ca);
  membrane.add(B(p.g_K) * W, p.E_K);
  membrane.add(p.g_L, p.E_L);
  add_drive(membrane);
  return {{membrane.slope(s.V_m, p.C_m), rate * (W_inf - W)}, {membrane.decay(p.C_m), rate}};
}

TEST(Rates, MorrisLecar) { SCAN_BOTH(MorrisLecar, (std::vector<double>{-1.2, 2}), morris_lecar, V, x); }

/// Pinsky & Rinzel 1994, p. 58; potentials there count from -60 mV. Soma and dendrite at one potential, calcium 125.
template <class Real, class State, class P>
Expected<Real, 8> pinsky_rinzel(const State& s, const P& p) {
  using B = Bounded<Real>;
  const B Vs = B::exact(s.V_m) + 60, Vd = B::exact(s.V_d) + 60;
  const B h = B::exact(s.h), n = B::exact(s.n), S = B::exact(s.s), c = B::exact(s.c), q = B::exact(s.q);
  const B Ca = B::exact(s.Ca), one = B::exact(1), soma = p.p;
  const B m =
      Gate<Real>{B(0.32L) * B(4) * over_expm1((B(13.1L) - Vs) / 4), B(0.28L) * B(5) * over_expm1((Vs - 40.1L) / 5)}
          .steady();
  const Gate<Real> of_h{B(0.128L) * exp((B(17) - Vs) / 18), B(4) * sigmoid((Vs - 40) / 5)};
  const Gate<Real> of_n{B(0.016L) * B(5) * over_expm1((B(35.1L) - Vs) / 5), B(0.25L) * exp(B(0.5L) - B(0.025L) * Vs)};
  const Gate<Real> of_s{B(1.6L) * sigmoid(B(0.072L) * (Vd - 65)), B(0.02L) * B(5) * over_expm1((Vd - 51.1L) / 5)};
  const B closed = B(2) * exp((B(6.5L) - Vd) / 27);
  const B below = exp((Vd - 10) / 11 - (Vd - 6.5L) / 27) / B(18.975L);
  // The published rates jump by a ten-thousandth at 50 mV: on which side a sum is that rounds to it is the sum's to say.
  const Gate<Real> of_c =
      static_cast<Real>(Vd.value) <= 50 ? Gate<Real>{below, closed - below} : Gate<Real>{closed, B::exact(0)};
  const Gate<Real> of_q{B(0.00002L) * Ca, 0.001L};

  const B g_Ca = B(p.g_Ca) * S * S, g_K = B(p.g_AHP) * q + B(p.g_C) * c * (Ca / 250);
  Membrane<Real> in_soma, in_dendrite;
  in_soma.add(p.g_L, p.E_L);
  in_soma.add(B(p.g_Na) * m * m * h, p.E_Na);
  in_soma.add(B(p.g_K) * n, p.E_K);
  in_soma.add(B(p.g_c) / soma, B::exact(s.V_d));
  in_soma.g = in_soma.g + B::exact(drive_G) / soma;
  in_soma.J = in_soma.J + B::exact(drive_J) / soma;
  in_dendrite.add(p.g_L, p.E_L);
  in_dendrite.add(g_Ca, p.E_Ca);
  in_dendrite.add(g_K, p.E_K);
  in_dendrite.add(B(p.g_c) / (one - soma), B::exact(s.V_m));
  const B I_Ca = g_Ca * (B::exact(s.V_d) - p.E_Ca);
  return {{in_soma.slope(s.V_m, p.C_m), in_dendrite.slope(s.V_d, p.C_m), of_h.slope(s.h), of_n.slope(s.n),
           of_s.slope(s.s), of_c.slope(s.c), of_q.slope(s.q), B(-0.13L) * I_Ca - B(0.075L) * Ca},
          {in_soma.decay(p.C_m), in_dendrite.decay(p.C_m), of_h.decay(), of_n.decay(), of_s.decay(), of_c.decay(),
           of_q.decay(), 0.075L}};
}

TEST(Rates, PinskyRinzel) {
  const std::vector<double> singular{-60 + 13.1, -60 + 40.1, -60 + 35.1, -60 + 51.1, -60 + 50};
  // As published, beta_c is a little below 0 just under u = 50 mV, where c tends to e^(40 / 11) / (2 18.975).
  const double most = std::exp(40.0 / 11) / (2 * 18.975);
  EXPECT_LT(most, 1.0002);
  scan<PinskyRinzel, double>(
      singular, [](double V, double x) { return PinskyRinzel<double>::State{V, V, x, x, x, x, x, 125}; },
      [](const auto& s, const auto& p) { return pinsky_rinzel<double>(s, p); }, most);
  scan<PinskyRinzel, float>(
      singular, [](float V, float x) { return PinskyRinzel<float>::State{V, V, x, x, x, x, x, 125}; },
      [](const auto& s, const auto& p) { return pinsky_rinzel<float>(s, p); }, most);
}

}  // namespace
}  // namespace ranvier
