package io.mistraloperator.gateway.testing;

import java.util.List;

/** Bodies that somebody would send, to each kind of route. */
public final class Bodies {
  /** All of them. */
  public static final List<String> ALL =
      List.of(
          FlowFixture.HELLO,
          FlowFixture.HELLO_STREAM,
          """
          {"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},
           {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}],"temperature":"0.1","top_p":1,
           "stop":["a"],"seed":4,"n":2,"max_tokens":9,"response_format":{"type":"json_object"}}\
          """,
          """
          {"model":"chat-one","stream":true,"stream_options":{"include_usage":true},"tool_choice":"required",
           "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"","tool_calls":[
           {"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}}]},
           {"role":"tool","tool_call_id":"call_1","content":"r"}],
           "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]}\
          """,
          """
          {"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Well","prefix":true}],
           "logprobs":true,"top_logprobs":2,"logit_bias":{"7":1},"safe_mode":true,"random_seed":3,"user":"u"}\
          """,
          """
          {"model":"base-one","prompt":"Once","max_tokens":9,"temperature":0.5,"stop":"x","seed":4,"stream":true}\
          """,
          """
          {"input_data":{"input_string":[{"role":"user","content":"Hi"}],
           "parameters":{"temperature":0.6,"do_sample":true,"max_new_tokens":9}}}\
          """,
          """
          {"input_data":["Once"],"params":{"top_p":0.9,"return_full_text":false}}\
          """);

  private Bodies() {}
}
