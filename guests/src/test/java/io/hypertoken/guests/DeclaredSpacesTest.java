package io.hypertoken.guests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.space.Box;
import io.hypertoken.space.DType;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.Space;
import io.hypertoken.space.Spaces;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclaredSpacesTest {
    private static Space read(String json) {
        return DeclaredSpaces.read(JsonMessage.read(json.getBytes(StandardCharsets.UTF_8)), "my-game's space");
    }

    @Test
    void everyKindIsRead() {
        assertThat(read("{'type':'discrete','n':3,'start':-1,'shape':[]}".replace('\'', '"')))
                .isEqualTo(new Discrete(3, -1));
        assertThat(read("""
                {"type":"dict","spaces":{
                    "pair":{"type":"tuple","spaces":[{"type":"multi_discrete","nvec":[2,3]},
                                                     {"type":"multi_binary","n":4}]},
                    "picture":{"type":"box","shape":[2,2],"low":0,"high":255,"dtype":"uint8"}}}"""))
                .isEqualTo(Spaces.dict(
                        "pair",
                        Spaces.tuple(Spaces.multiDiscrete(2, 3), new MultiBinary(4)),
                        "picture",
                        Spaces.box(DType.UINT8, 0, 255, 2, 2)));
    }

    @Test
    void aBoundIsOneNumberOrNestedAsTheShapeAndNullIsNone() {
        double none = Double.POSITIVE_INFINITY;

        assertThat(read("{\"type\":\"box\",\"shape\":[2,1],\"low\":[[0.5],[null]]}"))
                .isEqualTo(new Box(DType.FLOAT32, List.of(2, 1), new double[] {0.5, -none}, new double[] {none, none}));
        assertThat(read("{\"type\":\"box\",\"shape\":[],\"low\":-1,\"high\":1,\"dtype\":\"float64\"}"))
                .isEqualTo(new Box(DType.FLOAT64, List.of(), new double[] {-1}, new double[] {1}));
    }

    @Test
    void aKindWithoutAFixedSizeIsRefusedByName() {
        assertThatThrownBy(() -> read("{\"type\":\"dict\",\"spaces\":{\"said\":{\"type\":\"text\"}}}"))
                .isInstanceOf(HyperTokenException.class)
                .hasMessage("my-game's space.said refused the space type \"text\"; box, discrete, multi_discrete,"
                        + " multi_binary, dict and tuple are known; text, sequence and graph have no fixed size, so"
                        + " that no column can hold them; declare one of the known ones, for a text a multi_discrete"
                        + " of its characters");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"type":"discrete"}                                        | .n refused null; it must be an integer
                    {"type":"discrete","n":0}                                  | it needs at least one value
                    {"type":"discrete","n":2.5}                                | .n refused 2.5; it must be an integer
                    {"type":"box","shape":4}                                   | .shape refused 4; it must be an array
                    {"type":"box","shape":[70000,70000]}                       | a box has at most 67108864 elements
                    {"type":"box","shape":[2],"low":[0]}                       | nested as the shape [2] is
                    {"type":"box","shape":[2],"low":[[0],[0]]}                 | a bound is a number
                    {"type":"box","shape":[1],"low":1,"high":0}                | must be at most its upper bound
                    {"type":"box","shape":[1],"dtype":"complex64"}             | .dtype refused "complex64"
                    {"type":"dict","spaces":{}}                                | it needs at least one part
                    {"type":"tuple","spaces":{"a":1}}                          | an array of spaces
                    {"type":"tuple","spaces":[7]}                              | .0 refused 7; a space is an object
                    """)
    void whatDoesNotFitIsRefusedWithItsPlace(String json, String says) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(HyperTokenException.class)
                .hasMessageContaining("my-game's space")
                .hasMessageContaining(says);
    }
}
