"""The functions of Helm's templates that are read: those of Go and of Sprig that compute texts, lists and mappings.

Each gets its arguments as Python's values and returns one. What depends on time, chance, a cluster or other files is
not here, and neither is what costs more than the size of its arguments: their result is `UNKNOWN`. Facts:
https://helm.sh/docs/chart_template_guide/function_list/.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import yaml

from gate.core.errors import GateError, LimitError
from gate.core.values import Value
from gate.core.yaml import STRING
from gate.core.yaml_values import read_values

MARK = "\ue000"
"""What stands in a text for what is unknown."""
MAX_TEXT = 1 << 20
"""Characters of one text at most."""


_RELEASE = re.compile(r"(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?")
_CONSTRAINT = re.compile(r"(>=|<=|!=|[<>=^~])?\s*v?(\d[\w.+-]*)")
MAX_PARTS = 50_000
"""Elements of a value, all in all, at most."""


class Unknown:
    """What cannot be said before the chart is installed, or by this reading."""

    def __repr__(self) -> str:
        return MARK


UNKNOWN = Unknown()
_SafeDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def text_of(value: Any) -> str:
    """Return a value as Go prints it; what is unknown is a mark."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + " ".join(text_of(one) for one in value) + "]"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{text_of(one)}" for key, one in sorted(value.items())) + "]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return repr(value) if isinstance(value, Unknown) else str(value)


def check_size(value: Any) -> None:
    """Raise LimitError for a value of too many parts, or a text that is too long."""
    waiting, count = [value], 0
    while waiting:
        one = waiting.pop()
        count += 1
        if count > MAX_PARTS or (isinstance(one, str) and len(one) > MAX_TEXT):
            raise LimitError(f"a value of a template has more than {MAX_PARTS:,} parts or {MAX_TEXT:,} characters")
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def is_true(value: Any) -> bool:
    """True for what Go's templates take as true: anything that is not empty."""
    return bool(value)


class _Dumper(_SafeDumper):  # type: ignore[misc]
    """Writes texts of several lines as blocks, as Go's library does."""


def _write_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    node: yaml.ScalarNode = dumper.represent_scalar(STRING, text, style="|" if "\n" in text else None)
    return node


_Dumper.add_representer(str, _write_text)


def to_yaml(value: Any) -> str:
    """Return a value as YAML, keys sorted, without a line break at the end."""
    if value is UNKNOWN:
        return MARK
    dumped = yaml.dump(_dumpable(value), Dumper=_Dumper, default_flow_style=False, width=1_000_000, allow_unicode=True)
    return str(dumped).removesuffix("\n").removesuffix("\n...")


def _dumpable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _dumpable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_dumpable(one) for one in value]
    return MARK if value is UNKNOWN else value


def _indent(width: Any, text: Any) -> str:
    margin = " " * min(int(width), 100)
    return margin + text_of(text).replace("\n", f"\n{margin}")


def _nindent(width: Any, text: Any) -> str:
    return "\n" + _indent(width, text)


def _default(fallback: Any, *given: Any) -> Any:
    value = given[-1] if given else None
    return value if value is UNKNOWN or is_true(value) else fallback


_ESCAPES = {sign: f"\\x{sign:02x}" for sign in (*range(32), 127)} | {
    ord(sign): f"\\{letter}" for sign, letter in zip('\a\b\f\n\r\t\v"\\', 'abfnrtv"\\', strict=True)
}
"""How Go writes what stands in quotes (`%q`); further signs that are not printed are kept."""


def _quote(*values: Any) -> str:
    return " ".join(f'"{text_of(one).translate(_ESCAPES)}"' for one in values if one is not None)


def _squote(*values: Any) -> str:
    return " ".join(f"'{text_of(one)}'" for one in values if one is not None)


def _printf(form: Any, *values: Any) -> str:
    """Format as Go does, for its verbs of texts and whole numbers."""
    rest = iter(values)
    made, parts = [], text_of(form).split("%")
    made.append(parts[0])
    number = 1
    while number < len(parts):
        part = parts[number]
        number += 1
        if not part:  # a percent sign of its own, whose second half begins the next part
            made.append("%" + (parts[number] if number < len(parts) else ""))
            number += 1
            continue
        verb = next((place for place, sign in enumerate(part) if sign.isalpha()), len(part) - 1)
        value = next(rest, "")
        made.append(_verb(part[: verb + 1], value) + part[verb + 1 :])
    return "".join(made)


def _verb(verb: str, value: Any) -> str:
    if value is UNKNOWN:
        return MARK
    if verb.endswith("q"):
        return _quote(value)
    if verb.endswith("d") and verb[:-1].isdigit() and isinstance(value, int | float):
        return f"{int(value):{verb[:-1][:2]}d}"
    return text_of(value)


def _compare(left: Any, *others: Any) -> bool:
    return any(_comparable(left) == _comparable(other) and type(left) in _comparable_types(other) for other in others)


def _comparable_types(value: Any) -> tuple[type, ...]:
    return (int, float) if isinstance(value, int | float) and not isinstance(value, bool) else (type(value),)


def _comparable(value: Any) -> Any:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _number(value: Any) -> float:
    try:
        return float(text_of(value) or 0)
    except ValueError:
        return 0


def _whole(value: Any) -> int:
    number = _number(value)
    return int(number) if abs(number) < 1e18 else 0


def _and(*values: Any) -> Any:
    return next((one for one in values if one is not UNKNOWN and not is_true(one)), values[-1])


def _or(*values: Any) -> Any:
    return next((one for one in values if one is not UNKNOWN and is_true(one)), values[-1])


def _get(mapping: Any, key: Any) -> Any:
    return mapping.get(text_of(key), "") if isinstance(mapping, dict) else ""


def _set(mapping: Any, key: Any, value: Any) -> Any:
    if isinstance(mapping, dict):
        mapping[text_of(key)] = value
    return mapping


def _unset(mapping: Any, key: Any) -> Any:
    if isinstance(mapping, dict):
        mapping.pop(text_of(key), None)
    return mapping


def _dict(*pairs: Any) -> dict[str, Any]:
    return {text_of(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=False)}


def _dig(*words: Any) -> Any:
    *keys, fallback, found = words
    for key in keys:
        if not isinstance(found, dict) or text_of(key) not in found:
            return found if found is UNKNOWN else fallback
        found = found[text_of(key)]
    return found


def merged_values(*mappings: Any, is_filling: bool = False) -> dict[str, Any]:
    """Return mappings in one another, the first of them strongest; if filling, empty values of it are no values."""
    made: dict[str, Any] = {}
    for mapping in mappings:
        for key, value in (mapping or {}).items() if isinstance(mapping, dict) else ():
            if isinstance(made.get(key), dict) and isinstance(value, dict):
                made[key] = merged_values(made[key], value, is_filling=is_filling)
            elif key not in made or (is_filling and _is_empty(made[key])):
                made[key] = value
    return made


def _is_empty(value: Any) -> bool:
    return value is not UNKNOWN and not is_true(value)


def _merged(*mappings: Any) -> dict[str, Any]:
    """Return what `merge` does, in which `false` and texts without characters are filled too."""
    return merged_values(*mappings, is_filling=True)


def _overwritten(*mappings: Any) -> dict[str, Any]:
    return merged_values(*reversed(mappings))


def _filled(change: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
    """Return `merge` or `mergeOverwrite`, which change their first argument."""

    def fill(first: Any, *others: Any) -> Any:
        made = change(first, *others)
        if isinstance(first, dict):
            first.update(made)
            return first
        return made

    return fill


def _ternary(yes: Any, no: Any, condition: Any) -> Any:
    return yes if is_true(condition) else no


def _substr(start: Any, end: Any, text: Any) -> str:
    last = _whole(end)
    return text_of(text)[max(0, _whole(start)) : last if last >= 0 else None]


def _trunc(length: Any, text: Any) -> str:
    length = _whole(length)
    return text_of(text)[:length] if length >= 0 else text_of(text)[length:]


def _b64dec(text: Any) -> Any:
    try:
        return base64.b64decode(text_of(text)).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return UNKNOWN


def _kind(value: Any) -> str:
    kinds = {bool: "bool", int: "int", float: "float64", str: "string", list: "slice", dict: "map"}
    return kinds.get(type(value), "invalid")


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | list | dict) else 0


def _index(found: Any, *keys: Any) -> Any:
    for key in keys:
        if isinstance(found, dict):
            found = found.get(key if key in found else text_of(key))
        elif isinstance(found, list | str):
            number = _whole(key)
            found = found[number] if 0 <= number < len(found) else None
        else:
            return None
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _slice(value: Any, *bounds: Any) -> Any:
    numbers = [max(0, _whole(one)) for one in bounds[:2]]
    return value[slice(*numbers)] if len(numbers) == 2 else value[sum(numbers) :]


def _until(*numbers: Any) -> list[int]:
    start, end, step = (0, _whole(numbers[0]), 1) if len(numbers) == 1 else map(_whole, (*numbers, 1)[:3])
    return list(range(start, end, step or 1))[:1_000]


def _join(separator: Any, values: Any) -> str:
    return text_of(separator).join(text_of(one) for one in (values if isinstance(values, list) else [values]))


def _split(separator: Any, text: Any) -> list[Any]:
    return list(text_of(text).split(text_of(separator) or None))


def _split_by_number(separator: Any, text: Any) -> dict[str, Any]:
    return {f"_{number}": one for number, one in enumerate(_split(separator, text))}


def _replace(old: Any, new: Any, text: Any) -> str:
    return text_of(text).replace(text_of(old), text_of(new)) if old else text_of(text)


def _unique(values: Any) -> list[Any]:
    made: list[Any] = []
    for one in _list(values)[:1_000]:
        made += [one] if one not in made else []
    return made


def _from_json(text: Any) -> Any:
    try:
        return json.loads(text_of(text))
    except (ValueError, RecursionError):
        return UNKNOWN


def _from_yaml(text: Any) -> Any:
    try:
        documents = read_values(text_of(text), "fromYaml")
    except GateError:
        return UNKNOWN
    if MARK in text_of(text):
        return UNKNOWN
    return plain_value(documents[0], {}) if documents else {}


def plain_value(value: Value, known: dict[int, Any]) -> Any:
    """Return a value as dicts, lists and scalars; what aliases share is shared. `known` are those made already."""
    if id(value) not in known:
        if isinstance(value.data, dict):
            known[id(value)] = {key: plain_value(one, known) for key, one in value.data.items()}
        elif isinstance(value.data, list):
            known[id(value)] = [plain_value(one, known) for one in value.data]
        else:
            known[id(value)] = value.data
    return known[id(value)]


def _semver(text: str) -> tuple[int, ...]:
    numbers = _RELEASE.match(text.strip().lstrip("v"))
    return tuple(int(one or 0) for one in numbers.groups()) if numbers else (0, 0, 0)


def _is_version(constraint: Any, version: Any) -> Any:
    """Compare a release with comparisons joined by commas, spaces and `||`; what comes before a release is left out."""
    release = _semver(text_of(version))
    choices = (_CONSTRAINT.finditer(choice) for choice in text_of(constraint).split("||"))
    return any(_all_satisfied(parts, release) for parts in choices)


def _all_satisfied(parts: Iterable[re.Match[str]], release: tuple[int, ...]) -> bool:
    return all(_satisfies(part, release) for part in parts)


def _satisfies(part: re.Match[str], release: tuple[int, ...]) -> bool:
    wanted = _semver(part[2])
    if part[1] == "^":
        return release >= wanted and release[0] == wanted[0]
    if part[1] == "~":
        return release >= wanted and release[:2] == wanted[:2]
    compared = {">=": release >= wanted, "<=": release <= wanted, ">": release > wanted, "<": release < wanted}
    compared["!="] = release != wanted
    return compared.get(part[1], release == wanted)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(one) for key, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, list) else value


def _to_json(value: Any) -> str:
    return msgspec.json.encode(_dumpable(value), order="sorted").decode()


def _repeat(count: Any, text: Any) -> str:
    return text_of(text) * min(_whole(count), 1_000)


def _pluck(key: Any, *mappings: Any) -> list[Any]:
    return [one[text_of(key)] for one in mappings if isinstance(one, dict) and text_of(key) in one]


def _picked(mapping: Any, *keys: Any) -> dict[str, Any]:
    return {key: mapping[key] for key in map(text_of, keys) if isinstance(mapping, dict) and key in mapping}


def _omitted(mapping: Any, *keys: Any) -> dict[str, Any]:
    left_out = set(map(text_of, keys))
    return {key: one for key, one in mapping.items() if key not in left_out} if isinstance(mapping, dict) else {}


def _concat(*lists: Any) -> list[Any]:
    return [one for values in lists for one in _list(values)]


def _less(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    return _number(left) < _number(right)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abbrev": _trunc,
    "add": lambda *values: sum(map(_whole, values)),
    "add1": lambda value: _whole(value) + 1,
    "all": lambda *values: all(map(is_true, values)),
    "and": _and,
    "any": lambda *values: any(map(is_true, values)),
    "append": lambda values, one: [*_list(values), one],
    "atoi": _whole,
    "b64dec": _b64dec,
    "b64enc": lambda text: base64.b64encode(text_of(text).encode()).decode(),
    "base": lambda path: text_of(path).rpartition("/")[2],
    "cat": lambda *values: " ".join(map(text_of, values)),
    "ceil": lambda value: -int(-_number(value) // 1),
    "coalesce": lambda *values: next(filter(is_true, values), None),
    "compact": lambda values: list(filter(is_true, _list(values))),
    "concat": _concat,
    "contains": lambda part, text: text_of(part) in text_of(text),
    "deepCopy": _copy,
    "default": _default,
    "dict": _dict,
    "dig": _dig,
    "div": lambda left, right: _whole(left) // (_whole(right) or 1),
    "empty": lambda value: not is_true(value),
    "eq": _compare,
    "first": lambda values: _index(_list(values), 0),
    "float64": _number,
    "floor": lambda value: int(_number(value) // 1),
    "fromJson": _from_json,
    "fromJsonArray": _from_json,
    "fromYaml": _from_yaml,
    "fromYamlArray": _from_yaml,
    "ge": lambda left, right: not _less(left, right),
    "get": _get,
    "gt": lambda left, right: _less(right, left),
    "has": lambda one, values: one in _list(values),
    "hasKey": lambda mapping, key: isinstance(mapping, dict) and text_of(key) in mapping,
    "hasPrefix": lambda part, text: text_of(text).startswith(text_of(part)),
    "hasSuffix": lambda part, text: text_of(text).endswith(text_of(part)),
    "indent": _indent,
    "index": _index,
    "initial": lambda values: _list(values)[:-1],
    "int": _whole,
    "int64": _whole,
    "join": _join,
    "kebabcase": lambda text: text_of(text).replace("_", "-").replace(" ", "-").lower(),
    "keys": lambda *mappings: [key for one in mappings if isinstance(one, dict) for key in one],
    "kindIs": lambda kind, value: _kind(value) == kind,
    "kindOf": _kind,
    "last": lambda values: next(reversed(_list(values)), None),
    "le": lambda left, right: not _less(right, left),
    "len": _length,
    "list": lambda *values: list(values),
    "lower": lambda text: text_of(text).lower(),
    "lt": _less,
    "max": lambda *values: max(map(_whole, values)),
    "merge": _filled(_merged),
    "mergeOverwrite": _filled(_overwritten),
    "min": lambda *values: min(map(_whole, values)),
    "mod": lambda left, right: _whole(left) % (_whole(right) or 1),
    "mul": lambda *values: _whole(values[0]) * _whole(values[-1]),
    "mustMerge": _filled(_merged),
    "mustMergeOverwrite": _filled(_overwritten),
    "mustUniq": _unique,
    "mustToJson": _to_json,
    "mustToYaml": to_yaml,
    "ne": lambda left, right: not _compare(left, right),
    "nindent": _nindent,
    "nospace": lambda text: "".join(text_of(text).split()),
    "not": lambda value: not is_true(value),
    "omit": _omitted,
    "or": _or,
    "pick": _picked,
    "pluck": _pluck,
    "prepend": lambda values, one: [one, *_list(values)],
    "print": lambda *values: "".join(map(text_of, values)),
    "printf": _printf,
    "println": lambda *values: " ".join(map(text_of, values)) + "\n",
    "quote": _quote,
    "repeat": _repeat,
    "replace": _replace,
    "rest": lambda values: _list(values)[1:],
    "reverse": lambda values: _list(values)[::-1],
    "semverCompare": _is_version,
    "set": _set,
    "sha256sum": lambda text: hashlib.sha256(text_of(text).encode()).hexdigest(),
    "slice": _slice,
    "sortAlpha": lambda values: sorted(map(text_of, _list(values))),
    "split": _split_by_number,
    "splitList": _split,
    "squote": _squote,
    "sub": lambda left, right: _whole(left) - _whole(right),
    "substr": _substr,
    "ternary": _ternary,
    "title": lambda text: text_of(text).title(),
    "toJson": _to_json,
    "toPrettyJson": _to_json,
    "toRawJson": _to_json,
    "toString": text_of,
    "toStrings": lambda values: list(map(text_of, _list(values))),
    "toYaml": to_yaml,
    "trim": lambda text: text_of(text).strip(),
    "trimAll": lambda signs, text: text_of(text).strip(text_of(signs)),
    "trimPrefix": lambda part, text: text_of(text).removeprefix(text_of(part)),
    "trimSuffix": lambda part, text: text_of(text).removesuffix(text_of(part)),
    "trunc": _trunc,
    "tuple": lambda *values: list(values),
    "typeIs": lambda kind, value: _kind(value) == kind,
    "typeOf": _kind,
    "uniq": _unique,
    "unset": _unset,
    "untitle": lambda text: text_of(text)[:1].lower() + text_of(text)[1:],
    "until": _until,
    "untilStep": _until,
    "upper": lambda text: text_of(text).upper(),
    "values": lambda *mappings: [value for one in mappings if isinstance(one, dict) for value in one.values()],
    "without": lambda values, *others: [one for one in _list(values) if one not in others],
}
KEEP_UNKNOWN = frozenset(
    {"and", "or", "default", "dict", "list", "tuple", "set", "append", "prepend", "concat", "coalesce"}
)
"""Functions that may get what is unknown as an argument; of all others the result is unknown too."""
INTO_TEXT = frozenset({"quote", "squote", "toYaml", "toJson", "indent", "nindent", "printf", "print", "cat", "join"})
"""Functions that keep what is known around what is unknown."""
