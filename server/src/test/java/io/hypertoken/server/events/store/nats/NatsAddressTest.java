package io.hypertoken.server.events.store.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NatsAddressTest {
    @Test
    void readsServerAndStream() {
        assertThat(NatsAddress.parse("nats://host:4222/market"))
                .isEqualTo(new NatsAddress("nats://host:4222", "market"));
        assertThat(NatsAddress.parse("nats://host")).isEqualTo(new NatsAddress("nats://host", "hypertoken"));
        assertThat(NatsAddress.parse("tls://me:secret@host/").shown()).isEqualTo("tls://host/hypertoken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://host", "nats:", "nats://", "nats://host/a.b", "nats://host/a/b", "nats://h ost"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> NatsAddress.parse(text))
                .hasMessage("refused the store \"" + text + "\"; it must be nats://host:port or tls://host:port,"
                        + " and may end with the name of a stream; name one such as nats://127.0.0.1:4222/hypertoken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "ö", "%", "100 %", "%41", "a\nb", "\ud83d\ude00", " x "})
    void headersHoldAnyText(String text) {
        String encoded = KeyHeaders.encoded(text);

        assertThat(encoded).matches("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");
        assertThat(KeyHeaders.decoded(encoded)).isEqualTo(text);
    }
}
