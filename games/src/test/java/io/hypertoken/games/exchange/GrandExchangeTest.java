package io.hypertoken.games.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hypertoken.HyperTokenException;
import io.hypertoken.event.Event;
import io.hypertoken.record.ScriptedActions;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What must hold of any market and any way to play.
class GrandExchangeTest {
    private static Recording mixed() {
        int[] ids = {2, 561, 1333, 4151, 11802};
        return new Recording(
                Tape.wobbling(300, Tape.NOON, 500, 0.03, 0.2, 1, ids),
                Tape.wobbling(3600, Tape.NOON - 6 * 3600, 60, 0.03, 0.2, 2, ids),
                Tape.wobbling(86_400, (Tape.NOON - 86_400) / 86_400 * 86_400, 4, 0.03, 0.2, 3, ids));
    }

    private static List<byte[]> play(String data, int agents, int steps) {
        var replies = new ArrayList<byte[]>();
        var options = Map.of("data", data, "items", 4, "windows", 300, "agents", agents, "rows", 3);
        try (var desk = Desk.of(options, 5)) {
            var script = new ScriptedActions(9, 1);
            for (int step = 0; step < steps; step++) {
                replies.add(desk.vector.batch().reply().toArray(ValueLayout.JAVA_BYTE));
                script.choose(desk.vector);
                desk.step();
            }
            replies.add(desk.vector.batch().reply().toArray(ValueLayout.JAVA_BYTE));
        }
        return replies;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 70, 200, 297})
    void nothingThatIsSeenOrWonKnowsALaterBar(int steps) {
        Recording before = mixed();
        Recordings.register("causal-a", before);
        long time;
        try (var desk = Desk.of(Map.of("data", "causal-a", "items", 4, "windows", 300, "rows", 3), 5)) {
            time = desk.game().time() + 300L * steps;
        }
        Recordings.register(
                "causal-b",
                new Recording(
                        Tape.rewrittenAfter(before.windows(), time),
                        Tape.rewrittenAfter(before.hours(), time),
                        Tape.rewrittenAfter(before.days(), time)));

        List<byte[]> one = play("causal-a", 2, Math.min(299, steps + 3));
        List<byte[]> other = play("causal-b", 2, Math.min(299, steps + 3));

        for (int step = 0; step <= steps; step++) {
            assertThat(other.get(step)).as("what is told after %d steps", step).isEqualTo(one.get(step));
        }
        assertThat(other.get(steps + 1)).as("the test of the test").isNotEqualTo(one.get(steps + 1));
    }

    @Test
    void theRewardsSumUpToTheCoin() {
        try (var desk = Desk.of(Map.of("items", 30, "agents", 3, "windows", 200), 4)) {
            double[] sums = new double[3];
            var script = new ScriptedActions(4, 1);
            while (!desk.vector.over(0)) {
                script.choose(desk.vector);
                desk.step();
                for (int agent = 0; agent < 3; agent++) {
                    sums[agent] += desk.reward(agent);
                }
            }
            for (int agent = 0; agent < 3; agent++) {
                long worth = desk.game().worth(agent);
                assertThat(Math.round(sums[agent] * 20_000_000)).isEqualTo(worth - 20_000_000);
                assertThat(desk.vector.info(0, agent)).containsEntry("net_worth", (double) worth);
            }
            assertThat(desk.vector.batch().truncated(0, 0)).as("time is up").isTrue();
            assertThat(desk.vector.batch().terminated(0, 0)).isFalse();
        }
    }

    /// A ledger that is kept from the events alone.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void coinsAndItemsAreNeitherMadeNorLost(long seed) {
        int steps = Integer.getInteger("hypertoken.exchange.steps", 1000);
        var options = Map.of("items", 12, "agents", 4, "windows", 1_000_000, "acts_per_window", 2, "cash", 3_000_000);
        try (var desk = Desk.listening(options, seed)) {
            var script = new ScriptedActions(seed, 1);
            long[] gp = {3_000_000, 3_000_000, 3_000_000, 3_000_000};
            long taxes = 0;
            var units = new HashMap<String, Long>();
            var limits = new HashMap<String, long[]>();
            for (int step = 0; step < steps; step++) {
                long now = desk.game().time();
                desk.events.clear();
                script.choose(desk.vector);
                desk.step();
                for (Event trade : desk.events("trade_executed")) {
                    int agent = agent(trade);
                    long many = number(trade, "quantity");
                    boolean buys = trade.facts().get("action_type").equals("buy");
                    gp[agent] +=
                            buys ? -number(trade, "total_value") : number(trade, "total_value") - number(trade, "tax");
                    taxes += number(trade, "tax");
                    String what = agent + " " + trade.facts().get("item_id");
                    assertThat(units.merge(what, buys ? many : -many, Long::sum))
                            .isNotNegative();
                    if (buys) {
                        count(limits.computeIfAbsent(what, first -> new long[2]), now, many, trade);
                    }
                }
                requireSound(desk, gp, taxes, units);
            }
            assertThat(taxes).as("they did trade").isPositive();
        }
    }

    private static void count(long[] limit, long now, long many, Event trade) {
        if (now >= limit[1]) {
            limit[0] = 0;
            limit[1] = now + 4 * 3600;
        }
        limit[0] += many;
        int most = ItemTable.of((int) number(trade, "item_id")).limit();
        assertThat(limit[0]).isLessThanOrEqualTo(most);
    }

    private static void requireSound(Desk desk, long[] gp, long taxes, Map<String, Long> units) {
        GrandExchange game = desk.game();
        assertThat(game.exchange.taxes).isEqualTo(taxes);
        for (int agent = 0; agent < gp.length; agent++) {
            Account account = desk.account(agent);
            long coins = account.cash;
            long[] held = account.stock.clone();
            for (Slot slot : account.slots) {
                coins += slot.coins + slot.reserved();
                held[slot.item] += slot.units + slot.onSale();
            }
            assertThat(account.cash).isNotNegative();
            assertThat(coins).isEqualTo(gp[agent]).isEqualTo(account.money);
            for (int i = 0; i < held.length; i++) {
                assertThat(held[i])
                        .isEqualTo(account.held[i])
                        .isEqualTo(units.getOrDefault(agent + " " + game.market.id(i), 0L));
            }
        }
    }

    private static int agent(Event event) {
        return Integer.parseInt(((String) event.facts().get("agent_id")).substring("agent_".length()));
    }

    private static long number(Event event, String fact) {
        return ((Number) event.facts().get(fact)).longValue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "2021", "2025"})
    void buyingAndSellingAtOnePriceLosesExactlyTheTax(String tax) {
        Recordings.register("still", new Recording(Tape.still(60, 10_000, 10_000, 1_000_000), null, null));
        var options = Map.of("data", "still", "items", 1, "windows", 20, "tax", tax, "members", true);
        try (var desk = Desk.of(options, 1)) {
            desk.act(Layout.BUY, 0, Bins.TOUCH, Bins.ALL);
            long units = desk.account(0).held[0];
            assertThat(units).as("all that the limit allows").isEqualTo(70);
            desk.act(Layout.COLLECT, 0, Bins.TOUCH, Bins.ALL).act(Layout.SELL, 0, Bins.TOUCH, Bins.ALL);

            long each = tax.equals("none") ? 0 : tax.equals("2021") ? 100 : 200;
            assertThat(desk.game().worth(0)).isEqualTo(20_000_000 - units * each);
            assertThat(desk.account(0).held[0]).isZero();
        }
    }

    @Test
    void profitNeverRisesWithTheTax() {
        Recordings.register(
                "waves",
                new Recording(
                        Tape.wobbling(300, Tape.NOON, 400, 0.04, 0.25, 8, 2, 561, 1333, 4151, 11802), null, null));
        for (String policy : List.of("spread-catcher", "spread-catcher-ema", "spread-catcher-tuned")) {
            double last = Double.MAX_VALUE;
            for (String tax : List.of("none", "2021", "2025")) {
                Map<String, Object> options = Map.of("data", "waves", "items", 5, "tax", tax);
                double mean = BaselineProfit.of(policy, options, 32, 1).mean();
                assertThat(mean).as("%s under %s", policy, tax).isLessThan(last);
                last = mean;
            }
        }
    }

    @Test
    void nobodyProfitsWhereTheSpreadDoesNotPayTheTax() {
        Recordings.register(
                "driftless",
                new Recording(Tape.wobbling(300, Tape.NOON, 400, 0.01, 0.1, 9, 2, 561, 1333, 4151, 11802), null, null));
        for (String policy :
                List.of("hold", "random", "spread-catcher", "spread-catcher-ema", "spread-catcher-tuned")) {
            Map<String, Object> options = Map.of("data", "driftless", "items", 5, "tax", "2025");
            assertThat(BaselineProfit.of(policy, options, 32, 1).mean())
                    .as(policy)
                    .isLessThanOrEqualTo(0);
        }
    }

    @Test
    void whoeverKnowsTheFutureIsFarAboveWhoeverDoesNothing() {
        Map<String, Object> options = Map.of("items", 12);

        assertThat(BaselineProfit.of("hold", options, 32, 1).mean()).isZero();
        double catcher = BaselineProfit.of("spread-catcher", options, 32, 1).mean();
        double reference =
                BaselineProfit.of("spread-catcher-ema", options, 32, 1).mean();
        double oracle = BaselineProfit.of("oracle", options, 32, 1).mean();

        assertThat(catcher).isBetween(0.06, 0.20);
        assertThat(reference).isGreaterThan(catcher * 1.2);
        assertThat(oracle).isGreaterThan(reference);
    }

    @Test
    void theTaxGoesByTheBarsOwnDate() {
        long change = 1_748_514_600L;
        var columns = new BarColumns(300, change - 40 * 300, 60, Tape.ITEM);
        for (int k = 0; k < 60; k++) {
            columns.set(0, k, true, 10_000, 1_000_000);
            columns.set(0, k, false, 10_000, 1_000_000);
        }
        Recordings.register("change", new Recording(columns, null, null));
        try (var desk = Desk.of(Map.of("data", "change", "items", 1, "windows", 24), 1)) {
            assertThat(desk.game().time()).isEqualTo(change - 4 * 300);
            desk.act(Layout.BUY, 0, Bins.TOUCH, Bins.ALL).act(Layout.COLLECT, 0, Bins.TOUCH, Bins.ALL);
            desk.act(Layout.SELL, 0, Bins.TOUCH, 4); // 31 of 70 units, in the last window but one
            assertThat(desk.game().exchange.taxes).isEqualTo(31 * 100);
            desk.act(Layout.SELL, 0, Bins.TOUCH, Bins.ALL); // the last before the change
            assertThat(desk.game().exchange.taxes).isEqualTo(70 * 100);
            assertThat(desk.game().time()).isEqualTo(change);
            assertThat(desk.game().taxShare).isEqualTo(1);
        }
    }

    @Test
    void whatDoesNotGoTogetherIsPlayedWithTheBestPlaceAndTold() {
        try (var desk = Desk.of(Map.of("items", 12), 3)) {
            desk.act(Layout.BUY, 0, 18, 0);
            int other = desk.game().candidates[0].rows[3];
            desk.act(Layout.CANCEL, 5, Bins.TOUCH, Bins.ALL);

            assertThat(desk.account(0).slots[0].state).isNotEqualTo(OfferState.BUYING);
            assertThat(desk.vector.info(0, 0))
                    .containsEntry("illegal_action", true)
                    .containsEntry("played", List.of(3L, 0L, 10L, 10L));
            assertThat(other).isNotNegative();
        }
    }

    @Test
    void severalActsMayPassInOneWindow() {
        try (var desk = Desk.of(Map.of("acts_per_window", 3), 3)) {
            long time = desk.game().time();
            desk.hold().hold();
            assertThat(desk.game().time()).isEqualTo(time);
            assertThat(desk.reward(0)).isZero();
            desk.hold();
            assertThat(desk.game().time()).isEqualTo(time + 300);
        }
    }

    @Test
    void withoutMembershipThereAreThreeSlotsAndTheFreeItems() {
        try (var desk = Desk.of(Map.of("members", false), 3)) {
            assertThat(desk.account(0).slots).hasSize(3);
            for (int i = 0; i < 12; i++) {
                assertThat(ItemTable.of(desk.game().market.id(i)).members()).isFalse();
            }
        }
    }

    @Test
    void itemsAreChosenByWhatWasTradedBeforeTheStart() {
        var columns = Tape.wobbling(300, Tape.NOON, 100, 0.03, 0.2, 4, 2, 561, 1333);
        for (int k = Market.WARM_UP; k < 100; k++) { // later, item 561 is by far the busiest
            columns.set(1, k, true, 100_000, 1_000_000);
            columns.set(1, k, false, 99_000, 1_000_000);
        }
        for (int k = 0; k < Market.WARM_UP; k++) {
            columns.set(1, k, true, 100_000, 1);
            columns.set(1, k, false, 99_000, 1);
        }
        Recordings.register("late", new Recording(columns, null, null));
        try (var desk = Desk.of(Map.of("data", "late", "items", 2, "windows", 64), 1)) {
            assertThat(desk.game().market.id(0)).isEqualTo(2);
            assertThat(desk.game().market.id(1)).isEqualTo(1333);
        }
    }

    @Test
    void aMissingBarIsMissingNotZero() {
        var columns = new BarColumns(300, Tape.NOON, 60, Tape.ITEM);
        for (int k = 0; k < 30; k++) {
            columns.set(0, k, true, 11_000, 500);
            columns.set(0, k, false, 10_000, 500);
        }
        Recordings.register("silent", new Recording(columns, null, null));
        try (var desk = Desk.of(Map.of("data", "silent", "items", 1, "windows", 24, "rows", 1), 1)) {
            int row = desk.game().layout.row(0);
            var batch = desk.vector.batch();
            assertThat(batch.observation(0, row + Layout.KNOWN)).isEqualTo(1);
            assertThat(batch.observation(0, row + Layout.HIGH_SEEN)).isZero();
            assertThat(batch.observation(0, row + Layout.HIGH_AGE)).isEqualTo(6 / 18.0, within(1e-6));
            assertThat(batch.observation(0, row + Layout.SPREAD)).isEqualTo(20 * 1000 / 10_500.0, within(1e-5));
        }
    }

    @Test
    void aRecordingTellsItsOwnLimitsAndNobodyTradesTheBond() {
        var columns = Tape.wobbling(300, Tape.NOON, 60, 0.03, 0.2, 5, 561, Item.BOND, 99_999);
        var items = Map.of(
                561, new Item(561, "Nature rune", false, 12_000, 180, 72, 108),
                99_999, new Item(99_999, "New rune", false, 7, 1, 0, 0));
        Recordings.register("of-2021", new Recording(columns, null, null, items));

        try (var desk = Desk.of(Map.of("data", "of-2021", "items", 2, "windows", 20), 1)) {
            assertThat(desk.game().exchange.limits).containsExactly(12_000, 7);
            assertThat(desk.game().market.item(1).name()).isEqualTo("New rune");
        }
        assertThatThrownBy(() -> GrandExchange.SPEC.create(
                        GrandExchange.SPEC.options(Map.of("data", "of-2021", "items", 3, "windows", 20))))
                .hasMessageContaining("refused option items=3; the data has 2 items");
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        var spec = GrandExchange.SPEC;
        assertThatThrownBy(() -> spec.options(Map.of("items", 64, "members", false)))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContainingAll(
                        "grand-exchange refused options {",
                        "the seeded market has at most 64 items, and 16 without members; change one");
        assertThatThrownBy(() -> spec.options(Map.of("start", "2026-13-01")))
                .hasMessageContaining("start must be a day such as 2026-01-05, from 2001 to 2099");
        assertThatThrownBy(() -> spec.create(spec.options(Map.of("data", "../etc"))))
                .hasMessageContaining(
                        "grand-exchange refused option data=../etc; there is no recorded data of that name");
        Recordings.register("short", new Recording(Tape.still(50, 1, 2, 3), null, null));
        assertThatThrownBy(() -> spec.create(spec.options(Map.of("data", "short", "items", 1))))
                .hasMessage(
                        "grand-exchange refused option windows=288; the data has 50 windows, of which 36 pass before "
                                + "the first decision; pass fewer, or record more");
    }
}
