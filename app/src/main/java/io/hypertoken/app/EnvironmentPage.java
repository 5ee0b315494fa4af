package io.hypertoken.app;

import io.hypertoken.describe.Description;
import io.hypertoken.env.InfoNumber;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Option;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.RewardKind;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.Box;
import io.hypertoken.space.Space;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The generated page of one environment, written from what its [Spec] declares for default options.
final class EnvironmentPage {
    /// What every generated file says of itself.
    static final String NOTICE = "<!-- Generated: change the code, then run ./hypertoken docs -->\n";

    private static final Pattern GYMNASIUMS_ID = Pattern.compile(".*-v\\d+");

    private final Spec spec;
    private final Signature signature;
    private final StringBuilder page = new StringBuilder();

    private EnvironmentPage(Spec spec) {
        this.spec = spec;
        this.signature = spec.signature(spec.options(Map.of()));
    }

    /// The page, as Markdown.
    static String of(Spec spec) {
        return new EnvironmentPage(spec).write();
    }

    /// The name of the page's file.
    static String fileName(Spec spec) {
        return spec.id() + ".md";
    }

    /// One line for each environment: what a stranger looks for first.
    ///
    /// @param folder what a link to a page begins with
    static String table(Collection<Spec> specs, String folder) {
        return lines(specs, folder, page -> page.alsoInGymnasium() ? "yes" : "", "also in Gymnasium");
    }

    /// One line for each environment, with what its rules begin with, for the folder of the pages.
    static String tableOfRules(Collection<Spec> specs) {
        return lines(specs, "", page -> cell(firstSentence(page.spec.rules())), "rules");
    }

    private static String lines(
            Collection<Spec> specs, String folder, Function<EnvironmentPage, String> last, String lastTitle) {
        var table = new StringBuilder(
                "| environment | agents | observation | actions | " + lastTitle + " |\n|---|---|---|---|---|\n");
        for (Spec spec : specs) {
            var page = new EnvironmentPage(spec);
            String actions = spec.actionNames().isEmpty() || spec.actionNames().size() > 5
                    ? "`" + SpaceText.of(page.action()) + "`"
                    : String.join(", ", spec.actionNames());
            table.append("| [`" + spec.id() + "`](" + folder + fileName(spec) + ") | " + page.agentCount() + " | `"
                    + SpaceText.of(page.observation()) + "` | " + actions + " | " + last.apply(page) + " |\n");
        }
        return table.toString();
    }

    /// Whether Gymnasium has the same under this id: an id with its version in it is Gymnasium's, ours are words.
    private boolean alsoInGymnasium() {
        return GYMNASIUMS_ID.matcher(spec.id()).matches();
    }

    private String write() {
        page.append("# ").append(spec.id()).append("\n\n").append(NOTICE).append('\n');
        if (!spec.rules().isEmpty()) {
            page.append(spec.rules()).append("\n\n");
        }
        writeFacts();
        writeUsage();
        writeObservation();
        writeActions();
        writeRewards();
        writeOptions();
        writeInfo();
        section("Version history");
        spec.history().forEach(line -> page.append("- ").append(line).append('\n'));
        return page.toString();
    }

    private void writeFacts() {
        row("", "");
        row("---", "---");
        row("id", "`" + spec.id() + "`, version " + spec.version());
        if (!spec.aliases().isEmpty()) {
            row("also called", "`" + String.join("`, `", spec.aliases()) + "`");
        }
        row("agents", agentCount() + ": `" + String.join("`, `", signature.agents()) + "`" + turns());
        row(
                "episode",
                spec.stepLimit() == 0
                        ? "ends by the rules"
                        : "ends by the rules; truncated after " + spec.stepLimit() + " steps");
        spec.rewardThreshold().ifPresent(mean -> row("counts as solved", "from a mean return of " + plain(mean)));
        row("can be drawn as", drawings());
        row("state can be saved", spec.savable() ? "yes" : "no");
        if (!spec.metrics().isEmpty()) {
            row("metrics", "`" + String.join("`, `", spec.metrics()) + "`: each episode's sum");
        }
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private void writeUsage() {
        boolean alone = signature.agents().size() == 1;
        section("Usage");
        page.append("In this Python process:\n\n```python\nimport hypertoken\n\n")
                .append(alone ? gymnasium() : pettingZoo())
                .append("```\n\nMany copies: `hypertoken.")
                .append(alone ? "make_vec" : "make_multi_vec")
                .append("(\"")
                .append(spec.id())
                .append("\", num_envs=4096)`. ")
                .append(alone ? "Gymnasium knows it as `hypertoken/" + spec.id() + "`. " : "")
                .append("Behind a server:\n\n```bash\n./hypertoken serve\n```\n\n```python\nenv = hypertoken.")
                .append(function())
                .append("(\"")
                .append(spec.id())
                .append("\", url=\"ws://localhost:9999\")\nenv.close()\n```\n");
    }

    /// What makes one in Python.
    private String function() {
        if (signature.agents().size() == 1) {
            return "make";
        }
        return spec.turnOrder() == TurnOrder.SIMULTANEOUS ? "parallel_env" : "aec_env";
    }

    private String gymnasium() {
        return String.format(Locale.ROOT, """
                env = hypertoken.make("%s")
                observation, info = env.reset(seed=42)
                over = False
                while not over:
                    action = env.action_space.sample(%s)
                    observation, reward, terminated, truncated, info = env.step(action)
                    over = terminated or truncated
                env.close()
                """, spec.id(), masked() ? "info[\"action_mask\"]" : "");
    }

    private String pettingZoo() {
        return spec.turnOrder() == TurnOrder.SIMULTANEOUS
                ? String.format(Locale.ROOT, """
                env = hypertoken.parallel_env("%s")
                observations, infos = env.reset(seed=42)
                while env.agents:
                    actions = {agent: env.action_space(agent).sample() for agent in env.agents}
                    observations, rewards, terminations, truncations, infos = env.step(actions)
                env.close()
                """, spec.id())
                : String.format(Locale.ROOT, """
                env = hypertoken.aec_env("%s")
                env.reset(seed=42)
                for agent in env.agent_iter():
                    observation, reward, terminated, truncated, info = env.last()
                    over = terminated or truncated
                    env.step(None if over else env.action_space(agent).sample(%s))
                env.close()
                """, spec.id(), masked() ? "info[\"action_mask\"]" : "");
    }

    private void writeObservation() {
        section("Observation");
        page.append('`').append(SpaceText.of(observation())).append("`\n");
        if (spec.legend().isEmpty()) {
            return;
        }
        page.append('\n');
        if (observation() instanceof Box box
                && box.low().length == spec.legend().size()) {
            row("element", "from", "to", "meaning");
            row("---", "---", "---", "---");
            for (int k = 0; k < spec.legend().size(); k++) {
                row(
                        Integer.toString(k),
                        number(box.low()[k]),
                        number(box.high()[k]),
                        spec.legend().get(k));
            }
        } else {
            spec.legend().forEach(meaning -> page.append("- ").append(meaning).append('\n'));
        }
    }

    private void writeActions() {
        section("Actions");
        page.append('`').append(SpaceText.of(action())).append("`\n");
        if (!spec.actionNames().isEmpty()) {
            page.append('\n');
            row("action", "name");
            row("---", "---");
            for (int k = 0; k < spec.actionNames().size(); k++) {
                row(Integer.toString(k), spec.actionNames().get(k));
            }
        }
        page.append('\n').append(mask()).append('\n');
    }

    private String mask() {
        if (!masked()) {
            return "There is no mask: every action is always allowed.";
        }
        String fallback = spec.fallback().isEmpty() || spec.actionNames().isEmpty()
                ? "the first allowed action"
                : "`" + spec.actionNames().get(spec.fallback().getFirst()) + "`";
        return spec.maskMeaning() == MaskMeaning.BINDING
                ? "The mask binds. In place of an action that it forbids, " + fallback
                        + " is played, unless the session was opened with another policy for illegal actions."
                : "The mask advises: an action that it hides is allowed, and does nothing useful.";
    }

    private void writeRewards() {
        section("Rewards");
        page.append(spec.rewardKind() == RewardKind.INTEGER ? "Whole numbers" : "Numbers")
                .append(", as the rules above say.\n");
    }

    private void writeOptions() {
        section("Options");
        if (spec.options().isEmpty()) {
            page.append("None.\n");
            return;
        }
        row("option", "default", "values", "given at", "meaning");
        row("---", "---", "---", "---", "---");
        for (Option option : spec.options()) {
            row(
                    "`" + option.name() + "`",
                    "`" + option.defaultValue() + "`",
                    option.type().rule(),
                    option.episode() ? "reset" : "open",
                    option.about());
        }
        String line = spec.options().stream()
                .filter(option -> !option.episode())
                .map(option -> " --" + option.name().replace('_', '-') + " " + option.defaultValue())
                .findFirst()
                .orElse("");
        if (!line.isEmpty()) {
            page.append("\nFor example: `./hypertoken serve --env ")
                    .append(spec.id())
                    .append(line)
                    .append("`\n");
        }
    }

    private void writeInfo() {
        if (spec.infoNumbers().isEmpty()) {
            return;
        }
        section("Info");
        row("key", "at reset", "meaning");
        row("---", "---", "---");
        for (InfoNumber told : spec.infoNumbers()) {
            row("`" + told.name() + "`", "`" + told.atReset() + "`", told.about());
        }
    }

    private boolean masked() {
        return Description.masked(spec, signature);
    }

    /// A range where an option called `agents` sets it.
    private String agentCount() {
        return spec.options().stream()
                .filter(option -> option.name().equals("agents"))
                .map(Option::type)
                .filter(OptionType.Integers.class::isInstance)
                .map(OptionType.Integers.class::cast)
                .map(range -> range.low() + "–" + range.high())
                .findFirst()
                .orElse(Integer.toString(signature.agents().size()));
    }

    private String turns() {
        if (agentCount().equals("1")) {
            return "";
        }
        return spec.turnOrder() == TurnOrder.SIMULTANEOUS ? ", all at once" : ", one at a time";
    }

    private String drawings() {
        if (!spec.drawsText()) {
            return "nothing";
        }
        return spec.drawsFrames() ? "text, RGB picture" : "text";
    }

    private Space observation() {
        return signature.observationSpaces().getFirst();
    }

    private Space action() {
        return signature.actionSpaces().getFirst();
    }

    private void section(String title) {
        page.append("\n## ").append(title).append("\n\n");
    }

    private void row(String... cells) {
        List<String> escaped = new ArrayList<>();
        for (String text : cells) {
            escaped.add(cell(text));
        }
        page.append(escaped.stream().collect(Collectors.joining(" | ", "| ", " |")))
                .append('\n');
    }

    private static String cell(String text) {
        return text.replace("\n", " ").replace("|", "\\|");
    }

    private static String firstSentence(String rules) {
        String line = rules.replace("\n", " ");
        int end = line.indexOf(". ");
        return end < 0 ? line : line.substring(0, end + 1);
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : "-∞";
        }
        return value == Math.rint(value) ? Long.toString((long) value) : Float.toString((float) value);
    }
}
