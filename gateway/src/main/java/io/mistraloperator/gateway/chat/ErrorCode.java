package io.mistraloperator.gateway.chat;

/** Every error that a client can get: the closed table of rows B7 and C7. */
public enum ErrorCode {
  /** Extra parameters without leave, Azure route (B3). */
  EXTRA_PARAMETERS_NOT_ALLOWED(400, "extra_parameters_not_allowed"),
  /** A header whose value means nothing. */
  INVALID_HEADER(400, "invalid_header"),
  /** The body is not one JSON object (G15). */
  INVALID_JSON(400, "invalid_json"),
  /** No credential, or one that the endpoint does not take (A7.6, D2.14). */
  UNAUTHORIZED(401, "Unauthorized"),
  /** A genuine identity that may not call this endpoint (B7). */
  FORBIDDEN(403, "Forbidden"),
  /** No endpoint of this name or host. */
  ENDPOINT_NOT_FOUND(404, "EndpointNotFound"),
  /** The endpoint has no such path, or the model does not do that. */
  NOT_FOUND(404, "NotFound"),
  /** The path exists, not for this verb. */
  METHOD_NOT_ALLOWED(405, "MethodNotAllowed"),
  /** The request took longer than its endpoint allows (B7, D2.3). */
  REQUEST_TIMEOUT(408, "RequestTimeout"),
  /** The body is above the limit (G17). */
  REQUEST_TOO_LARGE(413, "RequestEntityTooLarge"),
  /** The body is not declared as JSON. */
  UNSUPPORTED_MEDIA_TYPE(415, "UnsupportedMediaType"),
  /** The model lacks what a parameter asks for. */
  PARAMETER_NOT_SUPPORTED(422, "parameter_not_supported"),
  /** A value of the wrong type or out of range. */
  INVALID_INPUT(422, "Invalid input"),
  /** A fault of the gateway's own. */
  INTERNAL(500, "InternalServerError"),
  /** The engine failed on this request. */
  ENGINE_FAILED(502, "EngineFailed"),
  /** No instance can take the request now. */
  SERVICE_UNAVAILABLE(503, "ServiceUnavailable"),
  /** The engine was silent for longer than the endpoint allows. */
  GATEWAY_TIMEOUT(504, "GatewayTimeout");

  private final int status;
  private final String word;

  ErrorCode(int status, String word) {
    this.status = status;
    this.word = word;
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** The {@code code} of the envelope and of {@code x-ms-error-code}. */
  public String word() {
    return word;
  }

  /** The {@code type} of the envelope, in OpenAI's words. */
  public String type() {
    if (this == UNAUTHORIZED) {
      return "authentication_error";
    }
    return status < 500 ? "invalid_request_error" : "server_error";
  }
}
