"""A small set of made-up citations: nine trials of one drug among many of others, worded differently."""

RELEVANT = [
    (
        "Metoprolol after infarction",
        "Patients were randomised to metoprolol or placebo; deaths were counted.",
    ),
    ("Metoprolol in heart failure", "A randomised trial of metoprolol against placebo in heart failure."),
    ("Beta blockade with metoprolol", "Placebo controlled, randomized; mortality at one year."),
    ("Early metoprolol", "Randomisation within hours of infarction; metoprolol reduced deaths."),
    ("Metoprolol and mortality", "Placebo or metoprolol for two years in infarction survivors."),
    ("Long term metoprolol", "Mortality among patients randomised to metoprolol after infarction."),
    ("Metoprolol CR", "Randomised, placebo controlled trial of metoprolol in failure of the heart."),
    ("Survival with metoprolol", "Deaths after randomisation to metoprolol or placebo."),
    ("Metoprolol in the elderly", "Elderly patients with infarction, randomised to metoprolol."),
]
TOPICS = ["asthma", "diabetes", "migraine", "psoriasis", "arthritis", "epilepsy", "glaucoma", "anaemia"]


def labelled(irrelevant: int = 60) -> tuple[list[str], list[str], list[bool]]:
    """Titles, abstracts and whether relevant; every seventh citation is relevant until there are no more."""
    titles, abstracts, relevant = [], [], []
    waiting = list(RELEVANT)
    for number in range(irrelevant):
        topic, other = TOPICS[number % len(TOPICS)], TOPICS[(number * 3 + 1) % len(TOPICS)]
        titles.append(f"Cohort {number} of {topic}")
        abstracts.append(f"We followed children with {topic} and {other} in clinic {number % 5}.")
        relevant.append(False)
        if number % 6 == 5 and waiting:
            title, abstract = waiting.pop(0)
            titles.append(title)
            abstracts.append(abstract)
            relevant.append(True)
    return titles, abstracts, relevant
