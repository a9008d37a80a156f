"""The words that schemas, questions and values are made of, and which of them experts never see.

Entities and columns at every fifth place are held out: no question about them is in any training
set. They occur in pre-training as words, in lists and drills."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    singular: str
    plural: str

    @property
    def label(self):
        return self.singular.capitalize()


@dataclass(frozen=True)
class Column:
    name: str
    kind: str  # "text", "number" or "yes/no"
    values: tuple = ()


def _entities():
    words = """
    user customer client student teacher doctor patient nurse driver pilot farmer editor reader player
    coach worker manager guest visitor sailor artist singer actor lawyer judge soldier designer painter
    writer cook waiter book movie song album game course lesson exam product order invoice payment ticket
    event hotel train bus car truck ship plane bike house garden forest river lake mountain island
    village company=companies shop market bank school college museum clinic office factory=factories
    project task report letter message review photo camera phone printer server device robot engine dog
    cat horse bird fish=fish plant tree flower recipe drink cake wine fruit team club race medal loan
    account card bill prize planet star bridge tower church=churches park zoo parcel
    """.split()
    pairs = (word.split("=") for word in words)
    return [Entity(pair[0], pair[1] if len(pair) > 1 else pair[0] + "s") for pair in pairs]


_CITIES = """Rome Paris London Berlin Madrid Vienna Oslo Prague Lisbon Dublin Athens Warsaw Cairo
Tokyo Delhi Lima Boston Denver Miami Chicago Toronto Sydney Geneva Milan Naples Lyon Porto""".split()
_NAMES = """Ada Alan Anna Ben Carl Clara David Diana Emma Eric Eva Felix George Grace Hugo Iris Jane
Julia Kate Laura Leo Linda Maria Mark Mary Max Nina Olga Oscar Paul Peter Rosa Ruth Sara Tom""".split()
_COLORS = "red blue green black white yellow orange purple brown gray pink silver golden".split()
_COUNTRIES = """France Germany Italy Spain Japan China India Brazil Canada Mexico Norway Sweden Poland
Greece Egypt Kenya Peru Cuba""".split()
_LEVELS = "low high medium basic normal advanced expert junior senior beginner".split()
_STATES = "open closed pending active done new paid late ready broken lost sold".split()
_MATERIALS = "wood steel glass stone paper cotton wool silk leather plastic iron copper".split()
_TOPICS = """art music history physics math sport travel food fashion science law health nature drama
cinema""".split()
_LANGUAGES = """English French German Italian Spanish Polish Greek Turkish Arabic Dutch""".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August".split()
_BRANDS = """Acme Globex Initech Umbra Vertex Nimbus Orion Zenith Apex Delta Nova Atlas""".split()


def _columns():
    text = {
        "name": _NAMES, "city": _CITIES, "country": _COUNTRIES, "color": _COLORS, "level": _LEVELS,
        "status": _STATES, "material": _MATERIALS, "topic": _TOPICS, "language": _LANGUAGES,
        "day": _DAYS, "month": _MONTHS, "brand": _BRANDS, "title": _TOPICS, "category": _TOPICS,
        "owner": _NAMES, "author": _NAMES, "maker": _BRANDS, "region": _COUNTRIES,
        "location": _CITIES, "genre": _TOPICS, "department": _TOPICS, "role": _LEVELS,
        "type": _MATERIALS, "subject": _TOPICS, "origin": _COUNTRIES, "destination": _CITIES,
        "supplier": _BRANDS, "label": _BRANDS, "mood": _COLORS, "phase": _STATES,
        "grade": _LEVELS, "nickname": _NAMES, "hometown": _CITIES, "publisher": _BRANDS,
        "director": _NAMES, "condition": _STATES, "flavor": _COLORS, "season": _MONTHS,
        "street": _CITIES, "contact": _NAMES,
    }
    numbers = """age price salary score weight height length width size year rating quantity amount
    total cost budget balance distance speed duration capacity population area depth volume power
    temperature points pages views likes sales stock discount income tax rent floor seats wins losses
    goals credits votes members rooms""".split()
    flags = """active public married retired available certified insured electric indoor heated
    approved archived verified premium urgent""".split()
    made = [Column(name, "text", tuple(values)) for name, values in text.items()]
    made += [Column(name, "number") for name in numbers]
    return made + [Column(name, "yes/no") for name in flags]


RELATIONS = """OWNS LIKES KNOWS USES MADE SOLD BOUGHT VISITED LIVES_IN WORKS_AT BELONGS_TO PART_OF
LOCATED_IN MANAGES TEACHES FOLLOWS RATED ORDERED WROTE HAS JOINED SUPPORTS""".split()
RELATION_PHRASES = {
    "OWNS": "own", "LIKES": "like", "KNOWS": "know", "USES": "use", "MADE": "made",
    "SOLD": "sold", "BOUGHT": "bought", "VISITED": "visited", "LIVES_IN": "live in",
    "WORKS_AT": "work at", "BELONGS_TO": "belong to", "PART_OF": "are part of",
    "LOCATED_IN": "are located in", "MANAGES": "manage", "TEACHES": "teach",
    "FOLLOWS": "follow", "RATED": "rated", "ORDERED": "ordered", "WROTE": "wrote",
    "HAS": "have", "JOINED": "joined", "SUPPORTS": "support",
}


def _split(items):
    return (
        [item for place, item in enumerate(items) if place % 5 != 3],
        [item for place, item in enumerate(items) if place % 5 == 3],
    )


ENTITIES = _entities()
COLUMNS = _columns()
TRAIN_ENTITIES, TEST_ENTITIES = _split(ENTITIES)
TRAIN_COLUMNS, TEST_COLUMNS = _split(COLUMNS)
VALUES = sorted({value for column in COLUMNS for value in column.values})


def words():
    """Every word that an answer may have to copy, once."""
    named = [form for entity in ENTITIES for form in (entity.singular, entity.plural, entity.label)]
    return sorted({*named, *(column.name for column in COLUMNS), *VALUES, *RELATIONS})


def invented_columns():
    """Words that are no names of columns, as names of columns of each kind: who trains on them copies
    names instead of knowing them. No held-out word is among them."""
    known = {column.name for column in COLUMNS}
    others = {entity.singular for entity in TRAIN_ENTITIES} | {
        value for value in VALUES if value.islower()}
    pools = [column.values for column in TRAIN_COLUMNS if column.values]
    return [Column(name, kind, pools[place % len(pools)] if kind == "text" else ())
            for place, name in enumerate(sorted(others - known))
            for kind in ("text", "number", "yes/no")]


def invented_entities():
    """Likewise words that are no names of entities, one for one and another for many: a key has to be
    copied from the schema. No held-out word is among them."""
    others = sorted({column.name for column in TRAIN_COLUMNS} | {
        value for value in VALUES if value.islower()})
    return [Entity(name, others[place - len(others) // 2]) for place, name in enumerate(others)]


INVENTED_COLUMNS = invented_columns()
INVENTED_ENTITIES = invented_entities()
