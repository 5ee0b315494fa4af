package io.hypertoken.games.exchange;

import static io.hypertoken.env.OptionType.choice;
import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.env.OptionType.numbers;

import io.hypertoken.env.Environment;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Trade on the Grand Exchange of Old School RuneScape: buy low, sell high, pay the tax.
///
/* A step is one act of every agent. When all acts of a window are done the next window passes: its bars become known,
offers trade with it, and the worth of what everyone owns changes. So nothing that is decided knows the bars it trades
with. */
public final class GrandExchange implements Environment, Snapshot, Renders {
    /// How many items the seeded market knows, for members and for others.
    static final int MOST_ITEMS = 64;

    static final int MOST_FREE_ITEMS = 16;
    private static final int ROWS_TOLD = 8;

    public static final Spec SPEC = Spec.of("grand-exchange", 1)
            .aliases("exchange")
            .rules("""
                    Each agent has gp and slots for offers. In an act it holds, offers to buy or to sell an item, cancels
                    an offer, or collects what its offers have brought. Then a window of the market passes, five minutes
                    long: offers that were placed before it trade with it. A purchase at or above the window's average
                    instant-buy price trades at that average; one that waits trades at its own price when the average
                    instant-sell price falls below it, and sales likewise, each for at most a share of that side's
                    volume. Agents' offers also trade with each other: the best price first, then the oldest, at the
                    older offer's price. The seller pays the tax of the day, a unit and rounded down; an item's buy limit
                    holds for four hours from its first purchase. The reward is the change of the agent's worth, all it
                    owns sold instantly after tax, as a share of its starting gp. The episode is cut off after the given
                    number of windows. Prices come from recorded data (option data) or from a seeded model of the market.
                    Source: the game's rules as the Old School RuneScape Wiki tells them; measured prices of 2024 to
                    2026.""")
            .option("agents", integers(1, 8), 1, "agents that trade in one market")
            .option("items", integers(1, 64), 12, "items in the market")
            .option("members", flag(), true, "members have 8 slots and all items; others 3 slots and the free items")
            .option("ranked", flag(), true, "whether rows show what can be sold and what promises most, not all items")
            .option("rows", integers(1, 64), 8, "item rows to see and choose from, where they are ranked")
            .option(
                    "moves",
                    flag(),
                    false,
                    "whether an action is one number, for a sensible move each, not what, place, price and quantity"
                            + " apart")
            .option("acts_per_window", integers(1, 64), 1, "acts of each agent before the next window passes")
            .option("windows", integers(1, 1_000_000), 288, "windows of an episode; 288 of five minutes are a day")
            .option("cash", integers(1, Integer.MAX_VALUE), 20_000_000, "gp at the start")
            .option("share", integers(1, 100), 10, "percent of a window's volume on a side that offers may trade with")
            .option(
                    "tax",
                    choice("dated", "none", "2021", "2025"),
                    "dated",
                    "the tax rules: those of the day, or others")
            .option(
                    "start",
                    OptionType.text(10),
                    "2026-01-05",
                    "the first day of the week in which a modelled episode begins")
            .option("noise", numbers(0, 10), 1.0, "how far modelled quotes stray, 1 as in the recorded market")
            .option(
                    "data",
                    OptionType.text(100),
                    "",
                    "the name of recorded data to replay, as hypertoken exchange import gives it; on the command line"
                            + " also a folder of saved answers of the prices API; empty for the seeded model")
            .requires(
                    o -> !o.text("data").isEmpty()
                            || o.integer("items") <= (o.flag("members") ? MOST_ITEMS : MOST_FREE_ITEMS),
                    "the seeded market has at most " + MOST_ITEMS + " items, and " + MOST_FREE_ITEMS
                            + " without members")
            .requires(o -> firstDay(o) >= 0, "start must be a day such as 2026-01-05, from 2001 to 2099")
            .agents(o -> IntStream.range(0, o.integer("agents"))
                    .mapToObj(GrandExchange::agentName)
                    .toList())
            .simultaneous()
            .observes(o -> new Layout(o).observation())
            .acts(o -> new Layout(o).action())
            .fallback(Layout.HOLD, 0, Bins.TOUCH, Bins.ALL)
            .metrics("trades", "taxes")
            .infoNumber("net_worth", 0.0, "all that the agent owns, sold instantly after tax, gp")
            .infoNumber("gp", 0.0, "the gp that the agent owns, those in offers included")
            .infoNumber("row_0", -1, "the id of the item in row 0; -1 for none")
            .infoNumber("row_1", -1, "the id of the item in row 1; -1 for none")
            .infoNumber("row_2", -1, "the id of the item in row 2; -1 for none")
            .infoNumber("row_3", -1, "the id of the item in row 3; -1 for none")
            .infoNumber("row_4", -1, "the id of the item in row 4; -1 for none")
            .infoNumber("row_5", -1, "the id of the item in row 5; -1 for none")
            .infoNumber("row_6", -1, "the id of the item in row 6; -1 for none")
            .infoNumber("row_7", -1, "the id of the item in row 7; -1 for none")
            .policy("hold", o -> Baselines.hold(new Layout(o)))
            .policy("spread-catcher", o -> Baselines.lastQuote(new Layout(o)))
            .policy("spread-catcher-ema", o -> Baselines.reference(new Layout(o)))
            .policy("spread-catcher-tuned", o -> Baselines.tuned(new Layout(o)))
            .history("1: first release")
            .creates(GrandExchange::new);

    private static final int TRADES = SPEC.metric("trades");
    private static final int TAXES = SPEC.metric("taxes");
    private static final int NET_WORTH = SPEC.infoNumber("net_worth");
    private static final int GP = SPEC.infoNumber("gp");
    private static final int FIRST_ROW = SPEC.infoNumber("row_0");

    final Layout layout;
    final Market market;
    final Quotes quotes;
    final Exchange exchange;
    final Candidates[] candidates;

    private final Observer observer;
    private final Clerk clerk;
    private final int actsPerWindow;
    private final int windows;
    private final double share;
    private final @Nullable Tax fixedTax;

    final long startWorth;
    final double worthScale;

    /// log10 of the usual units an hour, as it is shown.
    final double[] usualVolume;

    private final int[] ids;
    private final double[] taxRates;
    private final double[] quarterLimits;
    private final long[] worths;
    /// The most that each agent was worth, for those who listen.
    private final long[] peaks;
    private @Nullable Tax tax;
    double taxShare;
    private int acts;
    private int windowsLeft;
    private int turns;

    GrandExchange(Options o) {
        layout = new Layout(o);
        int agents = o.integer("agents");
        windows = o.integer("windows");
        fixedTax = switch (o.text("tax")) {
            case "none" -> Tax.NONE;
            case "2021" -> Tax.dividingBy(100);
            case "2025" -> Tax.dividingBy(50);
            default -> null;
        };
        market = market(o);
        int items = market.items();
        quotes = new Quotes(items, market.window().seconds);
        exchange = new Exchange(agents, layout.slots, items, o.integer("share"));
        candidates = new Candidates[agents];
        Arrays.setAll(candidates, agent -> new Candidates(layout.rows, items, o.flag("ranked")));
        observer = new Observer(layout, items);
        clerk = new Clerk(this);
        actsPerWindow = o.integer("acts_per_window");
        share = o.integer("share") / 100.0;
        startWorth = o.integer("cash");
        worthScale = 1.0 / startWorth;
        usualVolume = new double[items];
        ids = new int[items];
        Arrays.fill(ids, -1);
        taxRates = new double[items];
        quarterLimits = new double[items];
        worths = new long[agents];
        peaks = new long[agents];
    }

    private Market market(Options o) {
        boolean members = o.flag("members");
        int items = o.integer("items");
        if (!o.text("data").isEmpty()) {
            return new RecordedMarket(Recordings.find(o.text("data")), items, windows, members);
        }
        var typical = TypicalItem.ALL.stream()
                .filter(item -> item.mayTrade(members))
                .limit(items)
                .toList();
        long first = firstDay(o);
        return new SeededMarket(typical, fixedTax == null ? Tax.at(first) : fixedTax, o.number("noise"), first);
    }

    /// Unix seconds; -1 for what is no day.
    private static long firstDay(Options o) {
        try {
            LocalDate day = LocalDate.parse(o.text("start"));
            return day.getYear() < 2001 || day.getYear() > 2099
                    ? -1
                    : day.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return -1;
        }
    }

    static String agentName(int agent) {
        return "agent_" + agent;
    }

    @Override
    public void reset(Step s) {
        acts = 0;
        turns = 0;
        windowsLeft = windows;
        market.begin(s.random());
        quotes.clear();
        for (int k = 0; k < Market.WARM_UP; k++) {
            market.next(s.random());
            quotes.update(market);
        }
        quotes.settle();
        lookUp();
        exchange.begin(startWorth);
        derive();
        Journal journal = s.listening() ? new Journal(this, s) : null;
        for (int agent = 0; agent < worths.length; agent++) {
            worths[agent] = worth(agent);
            tell(s, agent);
            peaks[agent] = worths[agent];
            if (journal != null) {
                journal.portfolio(agent, worths[agent], peaks[agent]);
            }
        }
    }

    /// What stays the same during an episode.
    private void lookUp() {
        for (int i = 0; i < ids.length; i++) {
            usualVolume[i] = StrictMath.log10(1 + quotes.usualRate[i]) / 8;
            if (ids[i] != market.id(i)) {
                ids[i] = market.id(i);
                long limit = market.item(i).limit();
                exchange.limits[i] = limit;
                quarterLimits[i] = (limit == 0 ? Slot.MOST_UNITS : limit) * 0.25;
                tax = null;
            }
        }
        observer.begin(market);
    }

    /// What follows from the windows that have passed, and from the time.
    private void derive() {
        Tax rules = fixedTax == null ? Tax.at(time()) : fixedTax;
        if (rules != tax) {
            tax = rules;
            taxShare = 50 * rules.rate();
            for (int i = 0; i < ids.length; i++) {
                exchange.divisors[i] = rules.divisor(ids[i]);
                taxRates[i] = 1.0 / exchange.divisors[i];
            }
        }
        quotes.derive(taxRates, quarterLimits, share);
        for (int agent = 0; agent < candidates.length; agent++) {
            candidates[agent].rank(exchange.accounts[agent], quotes, exchange.limits, time());
        }
    }

    @Override
    public void step(Step s) {
        Journal journal = s.listening() ? new Journal(this, s) : null;
        exchange.listener = journal;
        long taxesBefore = exchange.taxes;
        long tradesBefore = exchange.trades;
        int agents = worths.length;
        for (int k = 0; k < agents; k++) {
            int agent = (turns + k) % agents; // nobody is always first
            if (s.alive(agent)) {
                clerk.act(s, agent, time(), journal);
            }
        }
        turns = (turns + 1) % agents;
        acts++;
        if (acts >= actsPerWindow) {
            acts = 0;
            passWindow(s, journal);
        }
        derive();
        for (int agent = 0; agent < agents; agent++) {
            long worth = worth(agent);
            s.reward(agent, (double) (worth - worths[agent]) / startWorth);
            if (journal != null && worth != worths[agent]) {
                peaks[agent] = Math.max(peaks[agent], worth);
                journal.portfolio(agent, worth, peaks[agent]);
            }
            worths[agent] = worth;
            tell(s, agent);
        }
        s.metric(TRADES, exchange.trades - tradesBefore).metric(TAXES, exchange.taxes - taxesBefore);
        exchange.listener = null;
        if (windowsLeft <= 0 || !market.hasNext()) {
            s.truncate(); // the market goes on without us
        }
    }

    private void passWindow(Step s, @Nullable Journal journal) {
        windowsLeft--;
        if (!market.hasNext()) {
            return; // only a forged snapshot gets here
        }
        Bulletin bulletin = journal == null ? null : new Bulletin(this, journal);
        market.next(s.random());
        quotes.update(market);
        exchange.trade(market.window());
        if (bulletin != null) {
            bulletin.tell();
        }
    }

    private void tell(Step s, int agent) {
        s.info(agent, NET_WORTH, worths[agent]).info(agent, GP, exchange.accounts[agent].money);
        int[] rows = candidates[agent].rows;
        for (int row = 0; row < ROWS_TOLD; row++) {
            s.info(agent, FIRST_ROW + row, row >= rows.length || rows[row] < 0 ? -1 : ids[rows[row]]);
        }
    }

    /// Unix seconds of now: the end of the last window.
    long time() {
        return market.window().end();
    }

    /// The middle of an item's last quotes, gp; 0 where none is known.
    long price(int item) {
        long high = quotes.high[item];
        long low = quotes.low[item];
        return high == 0 || low == 0 ? high + low : (high + low) / 2;
    }

    /// All that an agent owns: its gp, and its units sold instantly after tax.
    long worth(int agent) {
        Account account = exchange.accounts[agent];
        long worth = account.money;
        for (int i = 0; i < ids.length; i++) {
            if (account.held[i] > 0) {
                long price = quotes.low[i];
                worth += Coins.times(account.held[i], price - Tax.of(price, exchange.divisors[i]));
            }
        }
        return worth;
    }

    /// All that an agent owned after the last step.
    long lastWorth(int agent) {
        return worths[agent];
    }

    /// Whether an account with a free slot can place an offer to buy an item now.
    boolean canBuy(Account account, int item, long time) {
        return quotes.known(item)
                && account.cash >= quotes.lowReference[item] + 0.5
                && account.mayBuy(item, exchange.limits[item], time) > 0;
    }

    /// The part of the episode that has passed.
    double progress() {
        return 1 - (double) windowsLeft / windows;
    }

    /// The part of the window's acts that are left.
    double actsLeft() {
        return (double) (actsPerWindow - acts) / actsPerWindow;
    }

    @Override
    public void observe(int agent, View view) {
        observer.write(view, this, agent, worths[agent], time());
        clerk.mask(view, agent, time());
    }

    @Override
    public String text(int agent) {
        return new Ticker(this).text(agent);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(acts);
        out.writeInt(windowsLeft);
        out.writeInt(turns);
        market.save(out);
        quotes.save(out);
        exchange.save(out);
    }

    @Override
    public void load(DataInput in) throws IOException {
        acts = in.readInt();
        Snapshot.require(acts >= 0 && acts < actsPerWindow, acts + " acts were played in the window");
        windowsLeft = in.readInt();
        Snapshot.require(windowsLeft >= 0 && windowsLeft <= windows, windowsLeft + " windows are left");
        turns = in.readInt();
        Snapshot.require(turns >= 0 && turns < worths.length, "the first to act is agent " + turns);
        market.load(in);
        quotes.load(in);
        exchange.load(in);
        lookUp();
        derive();
        for (int agent = 0; agent < worths.length; agent++) {
            worths[agent] = worth(agent);
            peaks[agent] = worths[agent];
        }
    }
}
