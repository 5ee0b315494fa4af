package io.hypertoken.learn.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HyperparametersTest {
    @Test
    void whatIsGivenComesBeforeWhatIsTunedAndThatBeforeTheDefault() {
        PpoSettings settings =
                PpoSettings.of(Map.of("gamma", 0.5, "epochs", 7), Map.of("gamma", "0.25", "shared_trunk", "true"));

        assertThat(settings.gamma()).isEqualTo(0.25);
        assertThat(settings.epochs()).isEqualTo(7);
        assertThat(settings.sharesTrunk()).isTrue();
        assertThat(settings.gaeLambda()).isEqualTo(0.95);
        assertThat(settings.values()).hasSize(Hyperparameters.ALL.size());
    }

    @Test
    void anUnknownOneIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> PpoSettings.of(Map.of("learning_rat", 1)))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("there is no hyper-parameter learning_rat; training declares no such one; "
                        + "did you mean learning_rate?");
    }

    @Test
    void aValueOutOfRangeIsRefusedWithTheRule() {
        assertThatThrownBy(() -> PpoSettings.of(Map.of("gamma", 1.5)))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("refused hyper-parameter gamma=1.5; gamma must be a number from 0.0 to 1.0; "
                        + "pass gamma=0.99, or leave it out");
        assertThatThrownBy(() -> PpoSettings.of(Map.of("hidden", "64,x")))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("with commas between");
        assertThatThrownBy(() -> PpoSettings.of(Map.of("hidden", "0"))).isInstanceOf(HyperTokenException.class);
        assertThat(PpoSettings.of(Map.of("hidden", "")).hidden()).isEmpty();
    }
}
