package io.hypertoken.server.events.alert;

import static io.hypertoken.server.events.alert.Told.event;
import static io.hypertoken.server.events.alert.Told.object;
import static io.hypertoken.server.events.alert.Told.price;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.event.Event;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.LoggedEvent;
import io.hypertoken.server.events.store.NewEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertsTest {
    @TempDir
    Path folder;

    private final List<Event> emitted = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(1_000_000));
    private Alerts alerts = open(AlertSettings.none());

    @AfterEach
    void close() {
        alerts.close();
    }

    @Test
    void aRuleFindsWhatItLooksForAndNothingElse() {
        alerts.put(object("{'name':'cheap','type':'price_update','item':'Coal','field':'price','op':'<','value':150}"));

        alerts.accept(price("Coal", 150));
        alerts.accept(price("Rune arrow", 1));
        alerts.accept(event("margin_update", "{'item':'Coal','buy_price':1,'sell_price':2,'price':1}"));
        assertThat(emitted).isEmpty();

        List<LoggedEvent> found = price("Coal", 149);
        alerts.accept(found);

        assertThat(emitted).hasSize(1);
        assertThat(emitted.getFirst().type()).isEqualTo("alert");
        assertThat(emitted.getFirst().facts())
                .containsEntry("rule", "cheap")
                .containsEntry("message", "price_update of Coal: price 149 < 150")
                .containsEntry("item", "Coal")
                .containsEntry("value", 149L)
                .containsEntry("threshold", 150L)
                .containsEntry("event_seq", found.getFirst().seq());
        NewEvent checked = EventSchemas.known().check(emitted.getFirst(), 7, "alerts");
        assertThat(new String(checked.json(), UTF_8))
                .contains("\"event\":{\"type\":\"price_update\",\"data\":{\"item\":\"Coal\",\"price\":149}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'field':'profit','op':'>=','value':10                      | {'profit':10}                 | true
            'field':'profit','op':'>=','value':10                      | {'profit':9.99}               | false
            'field':'profit','op':'<=','value':-1.5                    | {'profit':-1.5}               | true
            'field':'profit','op':'>','value':9007199254740992         | {'profit':9007199254740993}   | true
            'field':'profit','op':'>','value':9007199254740993         | {'profit':9007199254740993}   | false
            'field':'profit','op':'>','value':0                        | {'profit':'10'}               | false
            'field':'profit','op':'>','value':0                        | {'profit':null}               | false
            'field':'profit','op':'>','value':0                        | {'other':10}                  | false
            'field':'data.volatility','op':'>','value':0.1             | {'x':[1,{}],'data':{'volatility':0.2}} | true
            'field':'data.volatility','op':'>','value':0.1             | {'data':7,'volatility':0.2}   | false
            'field':'status','op':'==','value':'failed'                | {'status':'failed'}           | true
            'field':'status','op':'!=','value':'failed'                | {'status':'started'}          | true
            'field':'status','op':'!=','value':'failed'                | {'status':7}                  | false
            'field':'ok','op':'==','value':false                       | {'ok':false}                  | true
            'agent':'agent_0'                                          | {'agent_id':'agent_0'}        | true
            'agent':'agent_0'                                          | {'agent_id':'agent_1'}        | false
            'item_id':4151                                             | {'item_id':4151}              | true
            'item_id':4151                                             | {'item_id':536}               | false
            'type':'mine'                                              | {}                            | true
            'type':'yours'                                             | {}                            | false
            """)
    void comparesAsItSays(String rule, String data, boolean found) {
        alerts.put(object("{'name':'r'," + rule + "}"));

        alerts.accept(event("mine", data));

        assertThat(emitted).hasSize(found ? 1 : 0);
    }

    @Test
    void isSilentForItsCooldownAboutTheSameItemOnly() {
        alerts.put(object("{'name':'r','type':'price_update','cooldown':30}"));

        alerts.accept(price("Coal", 1));
        alerts.accept(price("Coal", 2));
        alerts.accept(price("Shark", 3));
        assertThat(emitted).extracting(each -> each.facts().get("item")).containsExactly("Coal", "Shark");

        now.set(now.get().plusSeconds(30));
        alerts.accept(price("Coal", 4));
        assertThat(emitted).hasSize(3);
        assertThat(alerts.counts().raised()).isEqualTo(3);
    }

    @Test
    void alertsRaiseNoAlerts() {
        assertRefused("{'name':'r','type':'alert'}", "type must be another type: alerts raise no alerts");
        alerts.put(object("{'name':'everything','cooldown':0}"));

        alerts.accept(price("Coal", 1));
        alerts.accept(event("alert", "{'rule':'everything'}"));

        assertThat(emitted).hasSize(1);
    }

    @Test
    void whatPublishesFailingHindersNoOtherRule() {
        alerts.close();
        alerts = Alerts.open(
                AlertSettings.none(),
                event -> {
                    emitted.add(event);
                    throw new IllegalStateException("full");
                },
                now::get,
                1,
                1);
        alerts.put(object("{'name':'a'}"));
        alerts.put(object("{'name':'b'}"));

        alerts.accept(price("Coal", 1));

        assertThat(emitted).hasSize(2);
    }

    @Test
    void rulesOutliveTheProcessAndTheFileIsAlwaysWhole() throws Exception {
        Path file = folder.resolve("new").resolve("alerts.json");
        var settings = new AlertSettings(file, List.of("example.org:443"), true);
        alerts = open(settings);
        alerts.put(
                object(
                        "{'name':'a','type':'price_update','item_id':2,'field':'price','op':'<','value':9223372036854775807,"
                                + "'cooldown':0.5,'message':'now!','event':false,'webhook':'https://example.org/x?y=1','command':['true','a b']}"));
        alerts.put(object("{'name':'b'}"));
        alerts.put(object("{'name':'c'}"));
        alerts.remove("b");
        List<AlertRule> rules = alerts.rules();

        alerts.close();
        alerts = open(settings);

        assertThat(alerts.rules()).isEqualTo(rules).extracting(AlertRule::name).containsExactly("a", "c");
        assertThat(Files.readString(file)).startsWith("[\n{\"name\":\"a\"").endsWith("}\n]\n");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aChangeThatCannotBeKeptIsNone() throws Exception {
        Path file = folder.resolve("alerts.json");
        alerts = open(new AlertSettings(file, List.of(), false));
        alerts.put(object("{'name':'a'}"));
        Files.createDirectories(folder.resolve("alerts.json.next").resolve("in the way"));

        assertThatThrownBy(() -> alerts.put(object("{'name':'b'}")))
                .isInstanceOfSatisfying(
                        HyperTokenException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageStartingWith("the alert rules have not changed; they cannot be written to " + file);
        assertThat(alerts.rules()).extracting(AlertRule::name).containsExactly("a");
    }

    @Test
    void aFileThatHoldsSomethingElseIsRefusedByRuleAndField() throws Exception {
        Path file = folder.resolve("alerts.json");
        Files.writeString(file, "[{\"name\":\"a\"},{\"name\":\"b\",\"webhook\":\"https://example.org/\"}]");

        assertThatThrownBy(() -> open(new AlertSettings(file, List.of(), false)))
                .hasMessage("refused the alert rules in " + file
                        + "; rule 2: refused an alert rule with webhook=\"https://example.org/\"; webhook must be left out:"
                        + " this hub allows no host to be called; nothing has changed: send the rule again;"
                        + " mend the file, or name another");
    }

    @Test
    void refusesRulesByName() {
        assertRefused(
                "{'name':'r','typ':'x'}",
                "refused an alert rule with \"typ\"; a rule has no such field; did you mean type or op?");
        assertRefused(
                "{'type':'x'}", "refused an alert rule without name; rules are known by it; add name to the rule");
        assertRefused("{'name':'r','op':'<'}", "without field; op compares it");
        assertRefused("{'name':'r','field':'f','op':'=','value':1}", "op must be one of <, <=, >, >=, ==, !=");
        assertRefused("{'name':'r','field':'f','op':'<','value':'1'}", "value must be a number");
        assertRefused("{'name':'r','cooldown':-1}", "cooldown must be a number of seconds from 0 to 31536000");
        assertRefused("{'name':'r','item_id':'x'}", "item_id must be an integer of at least 0");
        assertRefused("{'name':'r','command':['x']}", "this hub was started without command lines for alerts");
        assertThatThrownBy(() -> alerts.remove("x"))
                .hasMessage("there is no alert rule \"x\"; rules are known by their names; add one first");
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.org/x, true",
        "https://EXAMPLE.org/x, true",
        "https://example.org:444/, true",
        "http://only.example:8080/, true",
        "http://only.example/, false",
        "https://example.org.evil.example/, false",
        "https://user@example.org/, false",
        "https://evil.example/?example.org, false",
        "ftp://example.org/, false",
        "file:///etc/passwd, false",
        "//example.org/, false",
    })
    void callsOnlyHostsThatAreAllowed(String address, boolean allowed) {
        alerts = open(new AlertSettings(null, List.of("example.org", "only.example:8080"), false));
        String rule = "{'name':'r','webhook':'" + address + "'}";

        if (allowed) {
            assertThat(alerts.put(object(rule)).webhook()).hasToString(address);
        } else {
            assertRefused(rule, "webhook must be ");
        }
    }

    private void assertRefused(String rule, String part) {
        assertThatThrownBy(() -> alerts.put(object(rule)))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining(part);
        assertThat(alerts.rules()).isEmpty();
    }

    private Alerts open(AlertSettings settings) {
        return Alerts.open(settings, emitted::add, now::get, 1, 1000);
    }
}
