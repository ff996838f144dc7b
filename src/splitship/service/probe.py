"""Is a server well? Asked through the standard health service."""

from __future__ import annotations

import grpc
from grpc_health.v1 import health_pb2

_METHOD = "/grpc.health.v1.Health/Check"


def probe(address: str, timeout_s: float = 4.0) -> str:
    """The state of the whole server: SERVING, NOT_SERVING, UNKNOWN, or UNREACHABLE when no answer comes in time."""
    # A proxy named in the environment is not asked: a probe is about this very address.
    with grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)]) as channel:
        check = channel.unary_unary(
            _METHOD,
            request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
            response_deserializer=health_pb2.HealthCheckResponse.FromString,
        )
        try:
            reply = check(health_pb2.HealthCheckRequest(), timeout=timeout_s)
        except grpc.RpcError:
            return "UNREACHABLE"
        return str(health_pb2.HealthCheckResponse.ServingStatus.Name(reply.status))
