"""Neighbours or not: what a mask says of two addresses."""

# Solution
from ipaddress import ip_address, ip_interface


def are_neighbours(mine: str, other: str) -> bool:
    """Tell whether `other` is on the network of `mine`, which comes with its mask."""
    return ip_address(other) in ip_interface(mine).network


# Exercise
from ipaddress import ip_network

from sandbox.checking import Exercise, Program, Stage

EXERCISE = Exercise(
    are_neighbours,
    hints=(
        "Le masque dit combien de bits désignent le réseau. Ne découpez pas le texte : le module "
        "`ipaddress` sait compter les bits.",
        "`ip_interface('192.168.1.20/24')` comprend une adresse et son masque. Son attribut "
        "`network` est le réseau auquel elle appartient.",
        "`ip_address(other) in …` : à droite, le réseau de `mine`.",
    ),
)


@EXERCISE.case("`192.168.1.20/24` et `192.168.1.77`", expect=True)
def same_room(stage: Stage, program: Program):
    return program("192.168.1.20/24", "192.168.1.77")


@EXERCISE.case("`192.168.1.20/24` et `192.168.2.77`", expect=False)
def elsewhere(stage: Stage, program: Program):
    return program("192.168.1.20/24", "192.168.2.77")


@EXERCISE.case("`10.0.3.4/16` et `10.0.200.1`", expect=True)
def wide(stage: Stage, program: Program):
    return program("10.0.3.4/16", "10.0.200.1")


@EXERCISE.case("`192.168.1.20/25` et `192.168.1.200`", expect=False)
def narrow(stage: Stage, program: Program):
    return program("192.168.1.20/25", "192.168.1.200")


@EXERCISE.case("`203.0.113.5/30` et `203.0.113.6`", expect=True)
def four_addresses(stage: Stage, program: Program):
    return program("203.0.113.5/30", "203.0.113.6")


@EXERCISE.case("en IPv6, `2001:db8:0:1::5/64` et `2001:db8:0:1::77`", expect=True)
def version_6(stage: Stage, program: Program):
    return program("2001:db8:0:1::5/64", "2001:db8:0:1::77")


@EXERCISE.case("`192.168.1.20/24` et `2001:db8::1`", expect=False)
def both_versions(stage: Stage, program: Program):
    return program("192.168.1.20/24", "2001:db8::1")


@EXERCISE.mistake(
    "`ip_network` refuse une adresse de machine : `192.168.1.20/24` n'est pas un réseau. "
    "`ip_interface(mine).network` donne celui auquel elle appartient.",
    seen=lambda failure: "has host bits set" in str(failure.error),
)
def host_bits(mine: str, other: str) -> bool:
    return ip_address(other) in ip_network(mine)


@EXERCISE.mistake(
    "`other` est encore un texte : `ip_address(other)` en fait une adresse, que l'on peut "
    "chercher dans un réseau.",
    raises=(AttributeError, TypeError),
)
def still_a_string(mine: str, other: str) -> bool:
    return other in ip_network(mine, strict=False)


@EXERCISE.mistake(
    "« Privée » ne veut pas dire « voisine » : deux réseaux privés peuvent être bien "
    "distincts. Seul le masque décide.",
    on=elsewhere,
    gives=True,
)
def private_both(mine: str, other: str) -> bool:
    return ip_interface(mine).is_private and ip_address(other).is_private


@EXERCISE.mistake(
    "Comparer les trois premiers nombres, c'est croire que tous les masques valent /24. "
    "Servez-vous de celui qu'on vous donne.",
    on=(wide, narrow),
    seen=lambda failure: failure.value == (failure.case is narrow),
)
def three_numbers(mine: str, other: str) -> bool:
    return mine.split(".")[:3] == other.split(".")[:3]


@EXERCISE.accepts()
def bit_by_bit(mine: str, other: str) -> bool:
    me, them = ip_interface(mine), ip_address(other)
    mask = int(me.netmask)
    return me.version == them.version and int(me) & mask == int(them) & mask
