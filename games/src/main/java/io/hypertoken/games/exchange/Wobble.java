package io.hypertoken.games.exchange;

/// How large a price's walk and its short deviation are, so that hourly averages move as an item's do.
final class Wobble {
    /* Of averages over an hour, their change from one hour to the next has

        variance     2/3 walk²  + VARIANCE drift²   + noise² / 12
        covariance   1/6 walk²  + COVARIANCE drift² - noise² / 24     (with the change before)

    The numbers of drift are those of an Ornstein-Uhlenbeck process with a = 1 h / 45 min: its averages have the
    variance 2 (a - 1 + e^-a) / a², the covariance ((1 - e^-a) / a)² one hour apart and e^-a times that two apart.
    Noise is that of the two sides' mean, over twelve windows. */
    private static final double RATE = 1 / 0.75;
    private static final double FADE = StrictMath.exp(-RATE);
    private static final double APART_0 = 2 * (RATE - 1 + FADE) / (RATE * RATE);
    private static final double APART_1 = (1 - FADE) * (1 - FADE) / (RATE * RATE);
    private static final double APART_2 = APART_1 * FADE;
    private static final double VARIANCE = 2 * (APART_0 - APART_1);
    private static final double COVARIANCE = 2 * APART_1 - APART_0 - APART_2;

    /// The least share of the variance that is the walk's: no price only wobbles.
    private static final double LEAST_WALK = 0.1;

    private Wobble() {}

    /// The standard deviation of the walk in an hour.
    ///
    /// @param deviation standard deviation of the change of hourly averages
    /// @param correlation of that change with the one before
    /// @param noise standard deviation of one quote of one window
    static double walk(double deviation, double correlation, double noise) {
        double total = deviation * deviation;
        double averaged = averaged(total, noise);
        double variance = total - averaged;
        double covariance = correlation * total + averaged / 2;
        double determinant = 2.0 / 3 * COVARIANCE - VARIANCE / 6;
        double walk = (variance * COVARIANCE - VARIANCE * covariance) / determinant;
        return Math.sqrt(Math.max(LEAST_WALK * total, Math.min(1.5 * variance, walk)));
    }

    /// The standard deviation of the deviation that lasts 45 minutes, beside a walk.
    static double drift(double deviation, double walk, double noise) {
        double total = deviation * deviation;
        double left = total - averaged(total, noise) - 2.0 / 3 * walk * walk;
        return Math.sqrt(Math.max(0, left / VARIANCE));
    }

    /// The part of the hourly variance that is the quotes' noise.
    private static double averaged(double total, double noise) {
        return Math.min(noise * noise / 12, 0.8 * total);
    }
}
