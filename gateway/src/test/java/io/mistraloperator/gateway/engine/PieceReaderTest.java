package io.mistraloperator.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("C5 a chunk with nothing but a piece of text is read without a tree")
class PieceReaderTest {
  private static Optional<String> read(String json) {
    return new PieceReader.Stream().text(bytes(json));
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':[{'index':0,'delta':{'content':'h\u00e9'}}]}",
        "{'choices':[{'delta':{'content':'h\u00e9'}}]}",
        "{'id':'x','object':'chat.completion.chunk','created':1,'model':'m','choices':[{'index':0,"
            + "'delta':{'role':'assistant','content':'h\u00e9','tool_calls':null},"
            + "'logprobs':null,'finish_reason':null,'token_ids':[1,{'a':2}]}],"
            + "'usage':null,'error':null,'timings':{'a':[1]}}",
        "{'choices':[{'text':'h\u00e9','index':0}]}",
      })
  void takesPieces(String json) {
    assertThat(read(json)).contains("h\u00e9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{'choices':[]}",
        "{'choices':[{'index':0,'delta':{'content':'a'}}]",
        "{'choices':[{'index':0,'delta':{'content':'a'}}]} x",
        "{'choices':[{'index':1,'delta':{'content':'a'}}]}",
        "{'choices':[{'index':0,'delta':{'content':'a'}},{'index':1,'delta':{}}]}",
        "{'choices':[{'index':0,'delta':{'content':'a'}}],'choices':[]}",
        "{'choices':[{'index':0,'delta':{'content':'a'},'delta':{}}]}",
        "{'choices':[{'index':0,'delta':{'content':'a'},'text':'b'}]}",
        "{'choices':[{'index':0,'delta':{'content':null}}]}",
        "{'choices':[{'index':0,'delta':{'role':'assistant'}}]}",
        "{'choices':[{'index':0,'delta':{'content':'a','tool_calls':[]}}]}",
        "{'choices':[{'index':0,'delta':{'content':'a'},'logprobs':{'content':[]}}]}",
        "{'choices':[{'index':0,'delta':{'content':'a'},'finish_reason':'stop'}]}",
        "{'choices':[{'index':0,'delta':{'content':'a'}}],'usage':{'prompt_tokens':1}}",
        "{'choices':[{'index':0,'delta':{'content':'a'}}],'error':{'message':'x'}}",
        "{'object':'error','choices':[{'index':0,'delta':{'content':'a'}}]}",
      })
  void leavesTheRest(String json) {
    assertThat(read(json)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':[{'index':0,'delta':{'content':'%s'}}]}",
        "{'id':'%s','choices':[{'index':0,'delta':{'content':'%<s'},'finish_reason':null}]}",
        "{'choices':[{'text':'%s','index':0}],'id':'%<s'}",
        "{'choices':[{'delta':{'role':'%s','content':'%<s'}}],'usage':null}",
      })
  @DisplayName("A chunk that is like the last one is read as if it stood alone")
  void readsAlike(String form) {
    List<String> texts =
        List.of(
            "one",
            "two",
            "",
            " ",
            "caf\u00e9",
            "\\u0041",
            "\\n",
            "a\\\\",
            "'",
            "','usage':{},'a':'",
            "\t",
            "one",
            "'}}],'choices':[{'delta':{'content':'x",
            "\ud83d\ude00",
            "last");
    PieceReader.Stream stream = new PieceReader.Stream();

    for (String text : texts) {
      byte[] chunk = bytes(form.formatted(text));
      assertThat(stream.text(chunk)).as(text).isEqualTo(new PieceReader.Stream().text(chunk));
    }
  }

  @Test
  void aChunkThatEndsOrBeginsOtherwiseIsReadAnew() {
    PieceReader.Stream stream = new PieceReader.Stream();
    assertThat(stream.text(bytes("{'choices':[{'delta':{'content':'a'}}]}"))).contains("a");

    assertThat(stream.text(bytes("{'choices':[{'delta':{'content':'b'}}],'error':{}}"))).isEmpty();
    assertThat(stream.text(bytes("{'choices':[{'index':1,'delta':{'content':'b'}}]}"))).isEmpty();
    assertThat(stream.text(bytes("{'choices':[{'delta':{'content':'"))).isEmpty();
    assertThat(stream.text(bytes("'}}]}"))).isEmpty();
    assertThat(stream.text(bytes("{'choices':[{'delta':{'content':'c'}}]}"))).contains("c");
  }
}
