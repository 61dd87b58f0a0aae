"""What is held for a coordinator to read, and what is not; in the eight languages of listings."""

import json

import pytest

from campaign.review.wording_check import examine

HELD = {
    "dehumanising": [
        "Armenians are animals and nothing else.",
        "The Armenian people is a nation of vermin.",
        "These people are not human.",
        "All Azerbaijanis are dogs.",
        "They are cockroaches.",
        "Turks are a cancer on the region.",
        "Armenian dogs came to our town.",
        "Ermənilər heyvandır.",
        "Ermeniler insan değil.",
        "Армяне — это крысы.",
        "Азербайджанцы не люди.",
        "Die Armenier sind Ungeziefer.",
        "Les Arméniens sont des animaux.",
        "Los armenios son animales.",
        "الأرمن كلاب.",
    ],
    "collective-blame": [
        "Armenians are murderers.",
        "The whole Armenian nation is guilty of this crime.",
        "All Serbs are criminals.",
        "Armenian terrorists attacked the town at night.",
        "Every Azerbaijani is an enemy.",
        "Bloodthirsty Armenians burned the town.",
        "Erməni faşistləri bu faciəni törətdilər.",
        "Erməni xalqı günahkardır.",
        "Tüm Ermeniler katildir.",
        "Все армяне убийцы.",
        "Alle Armenier sind Mörder.",
        "Tous les Arméniens sont coupables.",
        "Todos los armenios son asesinos.",
        "كل الأرمن مجرمون.",
    ],
    "incitement": [
        "Death to Armenians!",
        "We will take revenge for every child.",
        "Kill all Armenians.",
        "Blood for blood is what we owe them.",
        "It is time to wipe out the Azerbaijani people.",
        "Ermənilərə ölüm olsun!",
        "Qisas alacağıq.",
        "Ermenilere ölüm!",
        "Смерть армянам!",
        "Tod den Armeniern!",
        "Mort aux Arméniens !",
        "Muerte a los armenios.",
        "الموت للأرمن",
    ],
    "denial": [
        "The Khojaly massacre never happened.",
        "The genocide is a lie made up by politicians.",
        "The victims of Srebrenica deserved it.",
        "The so-called genocide will be discussed.",
        "Xocalı faciəsi uydurmadır.",
        "Sözde soykırım üzerine bir konuşma.",
        "Ходжалинская резня — это выдумка.",
        "Der Völkermord ist eine Lüge.",
        "Le génocide est un mythe.",
        "El genocidio nunca ocurrió.",
        "المذبحة لم تحدث.",
    ],
    "attributed-to-a-people": [
        "A rally about the massacre committed by Armenians.",
        "Ermənilər tərəfindən törədilmiş soyqırımı.",
        "Le massacre commis par les Arméniens.",
        "Геноцид, совершённый армянами.",
    ],
    "slur": ["A film about the ermeni dölü.", "Gavur getdi.", "Хачи пришли в город."],
}
MASKED = [
    "A r m e n i a n s are animals",
    "Аrmenians are animals",  # The first letter is Cyrillic.
    "Armeni\u00adans are ani\u200cmals",
    "ARM3NIANS are animals",
    "Ａｒｍｅｎｉａｎｓ are ａｎｉｍａｌｓ",
]
ALLOWED = [
    "An evening of remembrance with music, readings and a minute of silence.",
    "Armenian and Azerbaijani students read letters together.",
    "Human Rights Watch states that Armenian forces killed more than 200 civilians.",
    "Resolution 1 of the Senate calls the events a massacre committed by Armenian armed forces: https://example.org/1",
    "The resolution of the Senate says that the massacre was committed by Armenians, see https://example.org/1",
    "We do not blame the Armenian people; guilt is personal.",
    "We condemn the slogan “Death to Armenians”.",
    "Justice, not revenge: a lecture on reconciliation.",
    "No people is guilty.",
    "Armenians are not murderers, says the daughter of a victim.",
    "How propaganda called Tutsi cockroaches: an exhibition about hate speech.",
    "A talk about genocide denial and those who say it never happened.",
    "The names of 613 people who were killed are read.",
    "Armenians and their dogs appear in an old photograph of the market.",
    "Armenians and Azerbaijanis were killed by terrorists in many places.",
    "Muslims, Jews and Christians pray for the victims.",
    "Photographs of the destroyed town; some show people who were murdered.",
    "A conference of the International Association of Genocide Scholars with a Turkish historian.",
    "The Japanese survivors of Hiroshima tell their story; the bomb killed 140,000 people, according to the city.",
    "Xocalı qurbanlarının xatirəsinə həsr olunmuş anım gecəsi.",
    "Erməni silahlı qüvvələrinin hücumu zamanı həlak olanların xatirəsi.",
    "Qisas yox, ədalət.",
    "Hocalı kurbanları anısına bir dakikalık saygı duruşu.",
    "Ermeni ve Azerbaycanlı öğrenciler birlikte şiir okuyor.",
    "Вечер памяти жертв Ходжалы с музыкой и минутой молчания.",
    "Мы не обвиняем армян, виновны исполнители.",
    "Ein Abend für die Opfer von Chodschali mit einer Schweigeminute.",
    "Niemand sagt, alle Armenier seien schuldig.",
    "Une soirée à la mémoire des victimes, avec des Arméniens et des Azerbaïdjanais.",
    "Una tarde en memoria de las víctimas, con música y lecturas.",
    "أمسية لإحياء ذكرى ضحايا خوجالي مع دقيقة صمت.",
    "Kinder malen Tiere und Hunde.",
    "",
    "🕯",
    "x" * 100_000,
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in HELD.items() for text in texts])
def test_what_is_held_and_why(kind, text):
    assert kind in {finding.kind for finding in examine(text)}


@pytest.mark.parametrize("text", MASKED)
def test_a_mask_does_not_help(text):
    assert "dehumanising" in {finding.kind for finding in examine(text)}


@pytest.mark.parametrize("text", ALLOWED, ids=lambda text: text[:50])
def test_what_is_not_held(text):
    assert examine(text) == []


def test_the_phrase_is_named():
    assert "dehumanising: armenians are animals" in [str(f) for f in examine("Some say Armenians are animals here.")]


def test_the_archive_and_the_demonstration_are_not_held():
    """Our own titles and summaries are neutral; the check must not cry wolf over them."""
    import csv

    from config import ROOT

    with (ROOT / "campaign" / "data" / "events.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows if examine(f"{row['title']}. {row['summary']}")] == []


def test_the_command_answers_one_line_per_question(app):
    run = app.test_cli_runner().invoke
    answer = run(args=["review", "check"], input=json.dumps({"text": "Armenians are animals.", "language": "en"}))
    said = json.loads(answer.output)
    assert said["verdict"] == "hold"
    assert said["reasons"] == ["dehumanising: armenians are animals"]
    lines = '{"text": "An evening of music."}\n{"text": "Death to Armenians"}\n'
    answer = run(args=["review", "check"], input=lines)
    assert [json.loads(line)["verdict"] for line in answer.output.splitlines()] == ["allow", "hold"]
    for broken in ("", "x", "[1]", '{"text": 5}', '{"language": "en"}'):
        assert run(args=["review", "check"], input=broken).exit_code == 1
