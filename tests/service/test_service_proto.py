"""The API as it is written down: generated code up to date, every element explained, our words all there."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2

ROOT = Path(__file__).resolve().parents[2]


def test_generated_code_is_what_the_proto_files_give(tmp_path):
    """Generating anew gives the committed files, byte for byte, and no others."""
    subprocess.run([sys.executable, ROOT / "proto" / "generate.py", tmp_path], check=True, timeout=60)
    fresh = {path.name: path.read_bytes() for path in (tmp_path / "splitship" / "v1").iterdir()}
    committed = {
        path.name: path.read_bytes() for path in (ROOT / "src" / "splitship" / "v1").iterdir() if "_pb2" in path.name
    }
    assert fresh == committed


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[descriptor_pb2.FileDescriptorProto]:
    """The descriptors with comments; in a process of its own, for the compiler's protobuf and OR-Tools' do not mix."""
    out = tmp_path_factory.mktemp("proto") / "set.bin"
    sources = sorted(str(path.relative_to(ROOT / "proto")) for path in (ROOT / "proto").rglob("*.proto"))
    well_known = str(resources.files("grpc_tools") / "_proto")
    arguments = [f"-I{ROOT / 'proto'}", f"-I{well_known}", "--include_source_info", f"--descriptor_set_out={out}"]
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", *arguments, *sources], check=True, timeout=60)
    return list(descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file)


def test_every_element_has_a_comment(files):
    """Messages, fields, enums, values, services and methods are all explained."""
    missing = []
    for file in files:
        comments = {tuple(place.path): place.leading_comments.strip() for place in file.source_code_info.location}
        for at, message in enumerate(file.message_type):
            missing += [(file.name, message.name)] * (not comments.get((4, at)))
            for number, field in enumerate(message.field):
                missing += [(message.name, field.name)] * (not comments.get((4, at, 2, number)))
        for at, enum in enumerate(file.enum_type):
            missing += [(file.name, enum.name)] * (not comments.get((5, at)))
            for number, value in enumerate(enum.value):
                missing += [(enum.name, value.name)] * (not comments.get((5, at, 2, number)))
        for at, service in enumerate(file.service):
            missing += [(file.name, service.name)] * (not comments.get((6, at)))
            for number, method in enumerate(service.method):
                missing += [(service.name, method.name)] * (not comments.get((6, at, 2, number)))
    assert missing == []


def test_names_follow_the_style(files):
    """Enum values carry their enum's name and start at _UNSPECIFIED; requests and responses belong to one method."""
    for file in files:
        assert file.package == "splitship.v1"
        for enum in file.enum_type:
            prefix = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enum.name).upper() + "_"
            assert all(value.name.startswith(prefix) for value in enum.value)
            assert enum.value[0].name == f"{prefix}UNSPECIFIED"
            assert enum.value[0].number == 0
        for message in file.message_type:
            assert all(re.fullmatch(r"[a-z][a-z0-9_]*", field.name) for field in message.field)
        for service in file.service:
            assert service.name.endswith("Service")
            for method in service.method:
                assert method.input_type == f".splitship.v1.{method.name}Request"
                assert method.output_type == f".splitship.v1.{method.name}Response"


def test_plain_messages_of_input_tables_match_the_pack_columns():
    """Every column of a pack that is supported has its field, and every field its column."""
    from splitship.packs import TABLES
    from splitship.service.fields_to_columns import READERS, field_name
    from splitship.v1 import network_pb2, order_pb2, rule_pb2

    messages = {
        "nodes": network_pb2.Node,
        "skus": network_pb2.Sku,
        "stock": network_pb2.StockPosition,
        "services": network_pb2.CarrierService,
        "node_services": network_pb2.NodeService,
        "lanes": network_pb2.Lane,
        "rates": network_pb2.Rate,
        "orders": order_pb2.Order,
        "order_lines": order_pb2.OrderLine,
        "node_days": network_pb2.NodeDay,
        "calendars": network_pb2.Holiday,
        "service_quotas": network_pb2.ServiceQuota,
        "inbound": network_pb2.Inbound,
        "surcharges": rule_pb2.Surcharge,
        "kits": network_pb2.KitComponent,
        "substitutes": network_pb2.Substitute,
        "transfers": network_pb2.Transfer,
        "stock_prices": network_pb2.StockPrice,
        "channel_reserves": network_pb2.ChannelReserve,
        "plan_before": order_pb2.PlannedLine,
        "rejections": order_pb2.Rejection,
    }
    assert set(READERS) == set(messages)
    assert {name for name, table in TABLES.items() if not table.later} - {"reference"} <= set(messages)
    for table, message in messages.items():
        supported = {column.name for column in TABLES[table].columns if not column.later}
        supported -= {"order_id"} if table == "order_lines" else set()
        assert supported <= set(READERS[table]) <= set(TABLES[table].column_names)
        fields = {field.name for field in message.DESCRIPTOR.fields} - {"attributes", "lines", "conditions"}
        assert {field_name(table, column) for column in READERS[table]} == fields
