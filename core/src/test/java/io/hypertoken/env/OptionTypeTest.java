package io.hypertoken.env;

import static io.hypertoken.env.OptionType.choice;
import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.env.OptionType.numbers;
import static io.hypertoken.env.OptionType.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class OptionTypeTest {
    @Test
    void anIntegerIsReadFromAnyWholeNumberOrItsText() {
        OptionType type = integers(-3, 8);

        assertThat(type.read(6)).isEqualTo(6);
        assertThat(type.read(6L)).isEqualTo(6);
        assertThat(type.read(6.0)).isEqualTo(6);
        assertThat(type.read(" -3 ")).isEqualTo(-3);
        assertThat(type.rule()).isEqualTo("an integer from -3 to 8");
    }

    @Test
    void whatIsNoIntegerInRangeIsNotRead() {
        OptionType type = integers(1, 8);

        assertThat(type.read(0)).isNull();
        assertThat(type.read(9)).isNull();
        assertThat(type.read(1.5)).isNull();
        assertThat(type.read(Double.NaN)).isNull();
        assertThat(type.read(Long.MAX_VALUE)).isNull();
        assertThat(type.read("six")).isNull();
        assertThat(type.read("6d")).isNull();
        assertThat(type.read("0x6p0")).isNull();
        assertThat(type.read(true)).isNull();
        assertThat(type.read("")).isNull();
    }

    @Test
    void aNumberIsFiniteAndInRange() {
        OptionType type = numbers(0, 1.5);

        assertThat(type.read(1)).isEqualTo(1.0);
        assertThat(type.read("0.75")).isEqualTo(0.75);
        assertThat(type.read(1.5)).isEqualTo(1.5);
        assertThat(type.read(1.6)).isNull();
        assertThat(type.read(Double.NaN)).isNull();
        assertThat(type.read("1e999")).isNull();
        assertThat(type.rule()).isEqualTo("a number from 0.0 to 1.5");
    }

    @Test
    void aFlagIsABooleanOrItsWord() {
        assertThat(flag().read(true)).isEqualTo(true);
        assertThat(flag().read("False")).isEqualTo(false);
        assertThat(flag().read("yes")).isNull();
        assertThat(flag().read(1)).isNull();
        assertThat(flag().rule()).isEqualTo("true or false");
    }

    @Test
    void aChoiceIsOneOfItsWords() {
        assertThat(choice("thin", "thick").read("thin")).isEqualTo("thin");
        assertThat(choice("thin", "thick").read("Thin")).isNull();
        assertThat(choice("thin", "thick").rule()).isEqualTo("one of thin, thick");
    }

    @Test
    @Timeout(5)
    void aNumberOfAMillionDigitsIsRefusedAtOnce() {
        String digits = "7".repeat(1_000_000);

        assertThat(integers(1, 8).read(digits)).isNull();
        assertThat(numbers(0, 1).read("0." + digits)).isNull();
        assertThat(numbers(0, 1).read("1e999999999")).isNull();
        assertThat(integers(1, 8).read(BigInteger.ONE.shiftLeft(10_000_000))).isNull();
        assertThat(choice("thin").read(BigInteger.ONE.shiftLeft(10_000_000))).isNull();
        assertThat(numbers(0, 1).read("0." + "0".repeat(29) + "1"))
                .as("32 characters")
                .isEqualTo(1e-30);
    }

    @Test
    @Timeout(5)
    void aLongListIsRefusedAsSoonAsItIsTooLong() {
        assertThat(text(9).read(List.of(1, 0.5, "abc", true)))
                .as("in full 14 characters")
                .isNull();
        assertThat(text(14).read(List.of(1, 0.5, "abc", true))).isEqualTo("1,0.5,abc,true");
        assertThat(text(14).read(Collections.nCopies(Integer.MAX_VALUE, "abc"))).isNull();
        assertThat(text(14).read(List.of(List.of(1), 2))).as("a list in a list").isNull();
    }

    @Test
    void aTextHasItsLength() {
        assertThat(text(3).read("abc")).isEqualTo("abc");
        assertThat(text(3).read("abcd")).isNull();
        assertThat(text(3).read(7)).isNull();
        assertThat(text(3).rule()).isEqualTo("text of at most 3 characters");
    }
}
