package io.hypertoken.games.exchange;

import io.hypertoken.env.Options;
import io.hypertoken.random.Generator;

/// An episode of the seeded market, told to its end before it is played. For the oracle alone.
///
/* Nothing that agents do moves the market, and nothing else draws from an environment's generator: so the same market with
a generator of the same seed passes through the same windows. */
final class Foresight {
    /// Per window and item, the windows of the warm-up first.
    final long[][] high;

    final long[][] low;
    final long[][] highVolume;
    final long[][] lowVolume;
    /// What offers are priced by, after that window.
    final double[][] highReference;

    final double[][] lowReference;
    final int[] ids;

    Foresight(Options o, long seed, int windows) {
        Generator random = Generator.seeded(seed);
        Market market = new GrandExchange(o).market;
        market.begin(random);
        int items = market.items();
        var quotes = new Quotes(items, market.window().seconds);
        int all = Market.WARM_UP + windows;
        high = new long[all][];
        low = new long[all][];
        highVolume = new long[all][];
        lowVolume = new long[all][];
        highReference = new double[all][];
        lowReference = new double[all][];
        ids = new int[items];
        for (int i = 0; i < items; i++) {
            ids[i] = market.id(i);
        }
        for (int k = 0; k < all; k++) {
            market.next(random);
            quotes.update(market);
            high[k] = market.window().high.clone();
            low[k] = market.window().low.clone();
            highVolume[k] = market.window().highVolume.clone();
            lowVolume[k] = market.window().lowVolume.clone();
            highReference[k] = quotes.highReference.clone();
            lowReference[k] = quotes.lowReference.clone();
        }
    }

    /// The place of an item of an id.
    int item(int id) {
        int i = 0;
        while (ids[i] != id) {
            i++;
        }
        return i;
    }

    /// Units that an offer to buy at a price would get in some windows, without a limit.
    double bought(int item, long price, int from, int to, double share) {
        double units = 0;
        for (int k = from; k < Math.min(to, low.length); k++) {
            if (high[k][item] > 0 && price >= high[k][item]) {
                units += share * highVolume[k][item];
            } else if (low[k][item] > 0 && price > low[k][item]) {
                units += share * lowVolume[k][item];
            }
        }
        return units;
    }

    /// Units that an offer to sell at a price would be rid of in some windows.
    double sold(int item, long price, int from, int to, double share) {
        double units = 0;
        for (int k = from; k < Math.min(to, low.length); k++) {
            if (low[k][item] > 0 && price <= low[k][item]) {
                units += share * lowVolume[k][item];
            } else if (high[k][item] > 0 && price < high[k][item]) {
                units += share * highVolume[k][item];
            }
        }
        return units;
    }

    double spread(int window, int item) {
        return Math.max(1, highReference[window][item] - lowReference[window][item]);
    }
}
