package io.hypertoken.server.events.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.event.Event;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.events.store.EventKey;
import io.hypertoken.server.events.store.NewEvent;
import java.math.BigInteger;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventSchemasTest {
    private static final EventSchemas SCHEMAS =
            new EventSchemas(SchemaFile.read(), InstantSource.fixed(Instant.ofEpochMilli(1_619_395_200_250L)));

    /// The eight samples of the first users, as they were written.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'trade_executed','data':{'agent_id':'agent_0','action_type':'buy','item':'Abyssal whip','price':1500000,'quantity':1,'profit':0.0,'total_value':1500000},'timestamp':1619395200,'source':'s'}",
                "{'type':'price_update','data':{'item':'Abyssal whip','price':1500000,'change':50000,'change_percent':0.0333,'volume':100},'timestamp':1619395200,'source':'s'}",
                "{'type':'margin_update','data':{'item':'Abyssal whip','buy_price':1450000,'sell_price':1550000,'margin':100000,'margin_percent':0.0689},'timestamp':1619395200,'source':'s'}",
                "{'type':'agent_decision','data':{'agent_id':'agent_0','action_type':'buy','item':'Abyssal whip','price':1450000,'quantity':1,'reasoning':'High profit'},'timestamp':1619395200,'source':'s'}",
                "{'type':'portfolio_update','data':{'agent_id':'agent_0','gp':10000000,'inventory':{'Abyssal whip':1,'Dragon bones':1000},'total_value':12000000,'inventory_value':2000000},'timestamp':1619395200,'source':'s'}",
                "{'type':'market_analysis','data':{'item':'Abyssal whip','analysis_type':'volume_trend','data':{'recent_volume':100,'trend':'increasing','volatility':0.05}},'timestamp':1619395200,'source':'s'}",
                "{'type':'system_status','data':{'status':'started','message':'WebSocket server started'},'timestamp':1619395200,'source':'s'}",
                "{'type':'error','data':{'error_type':'connection_error','message':'Failed','details':{'error_code':500,'component':'database'}},'timestamp':1619395200,'source':'s'}"
            })
    void theFirstUsersSamplesPassUnchanged(String sample) {
        assertThat(json(checked(sample))).isEqualTo(sample.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            price_update    | 'item':'A','price':1500000,'change':50000                       | 'change_percent':0.03333333333333333
            price_update    | 'item':'A','price':1500000,'change':50000,'change_percent':null | 'change_percent':0.03333333333333333
            margin_update   | 'item':'A','buy_price':1450000,'sell_price':1550000             | 'margin':100000,'margin_percent':0.06896551724137931
            trade_executed  | 'item':'A','agent_id':'a','action_type':'buy','price':3000000000,'quantity':3 | 'total_value':9000000000
            trade_executed  | 'item':'A','agent_id':'a','action_type':'buy','price':9007199254740993,'quantity':1 | 'total_value':9007199254740993
            trade_executed  | 'item':'A','agent_id':'a','action_type':'buy','price':1.5,'quantity':3 | 'total_value':4.5
            portfolio_update| 'agent_id':'a','gp':10,'total_value':12                         | 'inventory_value':2
            """)
    void derivesWhatProducersLeaveOut(String type, String data, String derived) {
        assertThat(json(checked("{'type':'" + type + "','data':{" + data + "}}")))
                .contains(derived.replace('\'', '"') + "},\"timestamp\"")
                .doesNotContain("null");
    }

    @Test
    void leavesOutWhatDoesNotFollow() {
        assertThat(json(checked("{'type':'price_update','data':{'item':'A','price':0,'change':5}}")))
                .doesNotContain("change_percent");
        assertThat(json(checked("{'type':'price_update','data':{'item':'A','price':7}}")))
                .doesNotContain("change_percent");
        assertThat(json(checked("{'type':'portfolio_update','data':{'agent_id':'a','gp':1}}")))
                .doesNotContain("inventory_value");
        assertThat(json(checked("{'type':'trade_executed','data':{'item':'A','agent_id':'a','action_type':'buy',"
                        + "'price':9000000000000000000,'quantity':9}}")))
                .contains("\"total_value\":8.1E19");
    }

    @Test
    void volumeAndDetailsMayBeNullOrAbsentAndFurtherFieldsStay() {
        assertThat(json(checked("{'type':'price_update','data':{'item':'A','price':7,'volume':null,'mood':[1,null]}}")))
                .contains("\"volume\":null,\"mood\":[1,null]}");
        assertThat(json(checked("{'type':'error','data':{'error_type':'e','message':'m','details':null}}")))
                .contains("\"details\":null");
        assertThat(json(checked("{'type':'error','data':{'error_type':'e','message':''}}")))
                .endsWith("\"message\":\"\"},\"timestamp\":1619395200.25,\"source\":\"test\"}");
        assertThat(json(checked("{'type':'my_own','data':{'price':'any'},'priority':3,'seq':9,'epoch':'x'}")))
                .isEqualTo("{\"type\":\"my_own\",\"data\":{\"price\":\"any\"},\"timestamp\":1619395200.25,"
                        + "\"source\":\"test\",\"priority\":3}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'type':'price_update','data':{'item':'A','price':'7'}} | refused the event price_update with data.price="7"; price must be a number of at least 0; send that
            {'type':'price_update','data':{'item':'A','price':-1}} | refused the event price_update with data.price=-1; price must be a number of at least 0; send that
            {'type':'price_update','data':{'item':'A','price':1e999}} | refused the event price_update with data.price=1e999; price must be a number of at least 0; send that
            {'type':'price_update','data':{'item':'A','price':7,'volume':'x'}} | refused the event price_update with data.volume="x"; volume must be a number of at least 0, or null; send that, or leave it out
            {'type':'price_update','data':{'item':'A'}} | refused the event price_update without data.price; it says nothing without it; add price to its data
            {'type':'price_update','data':{'price':7}} | refused the event price_update without data.item or item_id; it says nothing without it; add item or item_id to its data
            {'type':'order_updated','data':{'agent_id':'a','slot':0.5,'state':'SOLD'}} | refused the event order_updated with data.slot=0.5; slot must be an integer of at least 0; send that
            {'type':'order_updated','data':{'agent_id':'a','slot':0,'state':'GONE'}} | refused the event order_updated with data.state="GONE"; state must be one of EMPTY, BUYING, BOUGHT, SELLING, SOLD, CANCELLED_BUY, CANCELLED_SELL; send that
            {'type':'portfolio_update','data':{'agent_id':'a','gp':1,'inventory':{'A':'x'}}} | refused the event portfolio_update with data.inventory={A=x}; inventory must be an object whose values are each a number, or null; send that, or leave it out
            {'type':'my_own','data':{'a':[0,{'b':1e999}]}} | refused the event my_own with data.a.1.b=1e999; values are finite numbers, integers of 64 bits, texts, true, false, null, lists and objects; send one of these
            {'type':'my_own','data':7} | refused the event my_own with data=7; data must be an object; send that, or leave it out where it is optional
            {'type':'my_own'} | refused the event my_own without data; an event has an object of that name, be it empty; add "data":{}
            {'data':{}} | refused an event without type; nobody could tell what it is; add "type":"price_update" or a type of your own
            {'type':'reply','data':{}} | refused an event with type="reply"; type must be a word of at most 128 characters other than reply and control; send one such as price_update
            {'type':'my_own','data':{},'timestamp':1619395200250} | refused the event my_own with timestamp=1619395200250; timestamp must be the time in Unix seconds, such as 1619395200.25; send that, or leave it out where it is optional
            {'type':'my_own','data':{},'event_id':''} | refused the event my_own with event_id=""; event_id must be a string of 1 to 256 characters, or null; send that, or leave it out where it is optional
            """)
    void refusesByName(String sample, String sentence) {
        assertThatThrownBy(() -> checked(sample)).hasMessage(sentence);
    }

    @Test
    void theKeyIsWhatFiltersNeed() {
        assertThat(checked("{'type':'trade_executed','data':{'agent_id':'a','item':'A','item_id':4151,"
                                + "'action_type':'buy','price':1,'quantity':1},'event_id':'e-1','source':'mine'}")
                        .key())
                .isEqualTo(new EventKey("trade_executed", "a", "A", 4151, "e-1"));
        assertThat(checked("{'type':'my_own','data':{'item':7,'item_id':'x','agent_id':null}}")
                        .key())
                .isEqualTo(new EventKey("my_own", null, null, EventKey.NO_ITEM, null));
    }

    @Test
    void anEventOfThisProcessIsCheckedLikeAnyOther() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("item", "Größe \ud800");
        facts.put("price", 7);
        facts.put("change", 3.5f);
        facts.put("volume", null);
        facts.put("big", BigInteger.TWO.pow(62));

        NewEvent event = SCHEMAS.check(new Event("price_update", facts), 1_619_395_200, "exchange");

        assertThat(json(event))
                .isEqualTo("{\"type\":\"price_update\",\"data\":{\"item\":\"Größe \ufffd\",\"price\":7,\"change\":3.5,"
                        + "\"volume\":null,\"big\":4611686018427387904,\"change_percent\":0.5},"
                        + "\"timestamp\":1619395200.0,\"source\":\"exchange\"}");
        assertRefused(Map.of("a", Double.NaN), "data.a=NaN");
        assertRefused(Map.of("a", new Object[0]), "data.a=[Ljava.lang.Object");
        assertRefused(Map.of("a", Map.of(1, 2)), "data.a={1=2}");
    }

    @Test
    void whatContainsItselfIsTooDeepAndWhatIsLongTooLarge() {
        var within = new ArrayList<Object>();
        within.add(within);
        assertRefused(Map.of("a", within), "values are nested at most 24 deep");

        var large = Map.<String, Object>of("a", "x".repeat(EventSchemas.MOST_BYTES));
        assertThatThrownBy(() -> SCHEMAS.check(new Event("my_own", large), 0, "test"))
                .isInstanceOfSatisfying(
                        HyperTokenException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessage("refused an event my_own; an event takes at most 262144 bytes of JSON;"
                        + " send less, or what is large by another way");
    }

    @Test
    void everyKnownTypeIsDescribedAndReachedFromTheEnvelope() throws Exception {
        Map<String, Object> file;
        try (var in = EventSchemas.class.getResourceAsStream(SchemaFile.NAME)) {
            file = new HashMap<>(JsonMessage.read(in.readAllBytes()));
        }

        assertThat(SCHEMAS.types()).hasSize(16).allSatisfy(type -> {
            assertThat(type.description()).endsWith(".");
            assertThat(type.fields()).isNotEmpty().allSatisfy(field -> {
                assertThat(field.description()).isNotEqualTo("null").isNotBlank();
                assertThat(field.required() && field.derivedAs() != null).isFalse();
            });
            assertThat(((List<?>) file.get("allOf")))
                    .anySatisfy(each -> assertThat(each.toString())
                            .isEqualTo("{if={properties={type={const=" + type.name()
                                    + "}}}, then={properties={data={$ref=#/$defs/" + type.name() + "}}}}"));
        });
    }

    private static void assertRefused(Map<String, Object> facts, String part) {
        assertThatThrownBy(() -> SCHEMAS.check(new Event("my_own", facts), 0, "test"))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining(part);
    }

    private static NewEvent checked(String sample) {
        return SCHEMAS.check(JsonMessage.read(sample.replace('\'', '"').getBytes(UTF_8)), "test");
    }

    private static String json(NewEvent event) {
        return new String(event.json(), UTF_8);
    }
}
