package io.hypertoken.games.exchange;

/// Growth by small exponents: sums and products alone, so that it is the same on every machine and quick.
final class QuickExp {
    private QuickExp() {}

    /// (1 + x/16)^16: e^x less a share of about x²/32, which no modelled price or volume notices.
    static double of(double x) {
        double y = 1 + x * 0.0625;
        y *= y;
        y *= y;
        y *= y;
        return y * y;
    }
}
