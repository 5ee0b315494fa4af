package io.hypertoken.games.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.event.Event;
import io.hypertoken.record.ScriptedActions;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsTest {
    @Test
    void aTradeIsToldWithAllThatTheHubShows() {
        Recordings.register("even", new Recording(Tape.still(80, 10_000, 10_300, 1_000_000), null, null));
        try (var desk = Desk.listening(Map.of("data", "even", "items", 1, "windows", 40), 1)) {
            long time = desk.game().time();
            desk.act(Layout.BUY, 0, 20, Bins.ALL); // far above: it crosses
            assertThat(desk.events("agent_decision").getFirst().facts())
                    .containsEntry("agent_id", "agent_0")
                    .containsEntry("action_type", "buy")
                    .containsEntry("item", "Abyssal whip")
                    .containsEntry("item_id", 4151)
                    .containsEntry("price", 10_375L)
                    .containsEntry("quantity", 70L)
                    .containsEntry("market_time", time)
                    .containsEntry(
                            "reasoning",
                            "margin 94 gp after tax (0.93 %), potential 1,645 gp an hour, 70 of the limit of 70 left");
            assertThat(desk.events("trade_executed").getFirst().facts())
                    .isEqualTo(Map.ofEntries(
                            Map.entry("agent_id", "agent_0"),
                            Map.entry("action_type", "buy"),
                            Map.entry("item", "Abyssal whip"),
                            Map.entry("item_id", 4151),
                            Map.entry("price", 10_300L),
                            Map.entry("quantity", 70L),
                            Map.entry("profit", 0L),
                            Map.entry("total_value", 721_000L),
                            Map.entry("tax", 0L),
                            Map.entry("slot", 0),
                            Map.entry("market_time", time + 300)));
            assertThat(desk.events("limit_updated").getFirst().facts())
                    .containsEntry("used", 70L)
                    .containsEntry("limit", 70L)
                    .containsEntry("resets_at", time + 300 + 4 * 3600);
            assertThat(desk.events("order_updated"))
                    .extracting(event -> event.facts().get("state"))
                    .containsExactly("BUYING", "BOUGHT");
            assertThat(desk.events("portfolio_update").getLast().facts())
                    .containsEntry("gp", 20_000_000L - 721_000)
                    .containsEntry("inventory", Map.of("Abyssal whip", 70L))
                    .containsEntry("total_value", 20_000_000L - 70 * (10_300 - 9_800))
                    .containsEntry("inventory_value", 70 * 9_800L)
                    .containsEntry("drawdown", 70 * 500 / 20e6);
            desk.events.clear();
            desk.act(Layout.COLLECT, 0, Bins.TOUCH, Bins.ALL).act(Layout.SELL, 0, 20, Bins.ALL);
            assertThat(desk.events("trade_executed").getLast().facts())
                    .containsEntry("price", 10_000L)
                    .containsEntry("tax", 70 * 200L)
                    .containsEntry("profit", 70 * (9_800L - 10_300));
        }
    }

    @Test
    void everyWindowTellsPricesAndMarginsAndEveryHourAnAnalysis() {
        try (var desk = Desk.listening(Map.of("items", 12), 2)) {
            for (int step = 0; step < 12; step++) {
                desk.hold();
            }
            assertThat(desk.events("market_analysis")).hasSize(12);
            Event analysis = desk.events("market_analysis").getFirst();
            assertThat(analysis.facts()).containsEntry("analysis_type", "volume_trend");
            assertThat(((Map<?, ?>) java.util.Objects.requireNonNull(
                                    analysis.facts().get("data")))
                            .keySet().stream().map(String::valueOf))
                    .containsExactly("recent_volume", "average_volume", "trend", "volatility");
            Event price = desk.events("price_update").getLast();
            assertThat(price.facts())
                    .containsKeys("item", "item_id", "price", "change", "change_percent", "volume", "market_time");
            Event margin = desk.events("margin_update").getLast();
            long buy = (long) margin.facts().get("buy_price");
            long sell = (long) margin.facts().get("sell_price");
            assertThat(margin.facts())
                    .containsEntry("margin", sell - buy)
                    .containsEntry("margin_percent", (double) (sell - buy) / buy);
        }
    }

    @Test
    void anOfferThatTheQuotesUndercutIsToldOnceAndSoIsItsReturn() {
        var columns = Tape.still(80, 10_000, 10_300, 1_000_000);
        for (int k = 50; k < 53; k++) {
            columns.set(0, k, false, 10_100, 1_000_000);
        }
        Recordings.register("undercut", new Recording(columns, null, null));
        try (var desk = Desk.listening(Map.of("data", "undercut", "items", 1, "windows", 80 - Market.WARM_UP), 1)) {
            desk.act(Layout.BUY, 0, Bins.TOUCH, Bins.ALL);
            for (int step = 0; step < 30; step++) {
                desk.hold();
            }
            assertThat(desk.events("order_updated"))
                    .extracting(event -> event.facts().get("competitive"))
                    .containsExactly(true, false, true);
            assertThat(desk.events("order_updated").get(1).facts())
                    .containsEntry("state", "BUYING")
                    .containsEntry("filled", 0L);
        }
    }

    @Test
    void aQuoteSaysWhenItWasMade() {
        var columns = Tape.still(80, 10_000, 10_300, 1_000_000);
        for (int k = Market.WARM_UP; k < Market.WARM_UP + 3; k++) {
            columns.set(0, k, false, 0, 0);
        }
        Recordings.register("silent", new Recording(columns, null, null));
        try (var desk = Desk.listening(Map.of("data", "silent", "items", 1, "windows", 80 - Market.WARM_UP), 1)) {
            long time = desk.game().time();
            desk.hold();
            desk.hold();
            desk.hold();
            assertThat(desk.events("margin_update").getLast().facts())
                    .containsEntry("sell_time", time + 900)
                    .containsEntry("buy_time", time);
        }
    }

    @Test
    void aBuyLimitThatBeginsAnewIsToldAsUnused() {
        Recordings.register("still", new Recording(Tape.still(120, 10_000, 10_300, 1_000_000), null, null));
        try (var desk = Desk.listening(Map.of("data", "still", "items", 1, "windows", 80), 1)) {
            desk.act(Layout.BUY, 0, 20, Bins.ALL);
            long resets = (long) desk.events("limit_updated").getFirst().facts().get("resets_at");
            while (desk.game().time() < resets + 600) {
                desk.hold();
            }
            assertThat(desk.events("limit_updated")).hasSize(2);
            assertThat(desk.events("limit_updated").getLast().facts())
                    .containsEntry("used", 0L)
                    .containsEntry("market_time", resets)
                    .doesNotContainKey("resets_at");
        }
    }

    @Test
    void listeningChangesNothing() {
        try (var silent = Desk.of(Map.of("agents", 2), 6);
                var loud = Desk.listening(Map.of("agents", 2), 6)) {
            var one = new ScriptedActions(6, 1);
            var other = new ScriptedActions(6, 1);
            for (int step = 0; step < 200; step++) {
                one.choose(silent.vector);
                other.choose(loud.vector);
                silent.step();
                loud.step();
            }
            assertThat(loud.vector.snapshot(0)).isEqualTo(silent.vector.snapshot(0));
        }
    }
}
