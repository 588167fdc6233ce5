"""One small export a format, written for these tests; all say the same of the first of two records."""

RIS = """TY  - JOUR
TI  - Zorifen for chronic itch
AU  - Arden, Paul
AU  - Birch, Quinn
PY  - 2019/03//
JO  - Annals of Itch
VL  - 12
IS  - 3
SP  - 101
EP  - 110
DO  - 10.1000/itch.101
AB  - Itch is common.
KW  - pruritus
KW  - trial
LA  - English
ER  -

TY  - JOUR
TI  - A second paper
PY  - 2020
ER  -
"""

NBIB = """PMID- 30000001
OWN - NLM
DP  - 2019 Mar
TI  - Zorifen for chronic
      itch
VI  - 12
IP  - 3
PG  - 101-110
LID - 10.1000/itch.101 [doi]
AB  - Itch is common.
FAU - Arden, Paul
AU  - Arden P
FAU - Birch, Quinn
AU  - Birch Q
LA  - English
JT  - Annals of Itch
OT  - pruritus
OT  - trial

PMID- 30000002
TI  - A second paper
DP  - 2020
"""

WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Arden, P
   Birch, Q
AF Arden, Paul
   Birch, Quinn
TI Zorifen for chronic
   itch
SO Annals of Itch
LA English
DE pruritus; trial
AB Itch is common.
PY 2019
VL 12
IS 3
BP 101
EP 110
DI 10.1000/itch.101
UT WOS:000000000000001
ER

PT J
TI A second paper
PY 2020
ER

EF
"""

ENW = """%0 Journal Article
%T Zorifen for chronic itch
%A Arden, Paul
%A Birch, Quinn
%J Annals of Itch
%D 2019
%V 12
%N 3
%P 101-110
%R 10.1000/itch.101
%X Itch is common.
%K pruritus
trial
%G English

%0 Journal Article
%T A second paper
%D 2020
"""

BIBTEX = """Exported by hand
@string{ann = "Annals of Itch"}
@article{Arden2019,
  title = {Zorifen for chronic {itch}},
  author = {Arden, Paul and Birch, Quinn},
  journal = ann,
  year = 2019, volume = {12}, number = {3}, pages = {101--110},
  doi = {10.1000/itch.101},
  abstract = {Itch is common.},
  keywords = {pruritus, trial},
  language = {English},
}

@article{24,
  title = {A second paper},
  funding text 1 = {a name with blanks},
  year = {2020}
}
"""

ENDNOTE_XML = """<?xml version="1.0" encoding="UTF-8" ?><xml><records><record>
<database name="My library.enl">My library.enl</database><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal">Arden, Paul</style></author>
<author>Birch, Quinn</author></authors></contributors>
<titles><title><style face="normal">Zorifen for chronic </style><style face="italic">itch</style></title>
<secondary-title>Annals of Itch</secondary-title></titles>
<pages>101-110</pages><volume>12</volume><number>3</number>
<keywords><keyword>pruritus</keyword><keyword>trial</keyword></keywords>
<dates><year>2019</year></dates><language>English</language>
<electronic-resource-num>10.1000/itch.101</electronic-resource-num>
<abstract>Itch is common.</abstract></record>
<record><titles><title>A second paper</title></titles><dates><year>2020</year></dates></record>
</records></xml>
"""

CSV = """Title,Authors,Publication Year,Source title,Volume,Issue,Page start,Page end,DOI,Abstract,Keywords,Language,Cited by
Zorifen for chronic itch,"Arden, Paul; Birch, Quinn",2019,Annals of Itch,12,3,101,110,10.1000/itch.101,Itch is common.,pruritus; trial,English,7
A second paper,,2020,,,,,,,,,,
"""  # noqa: E501

PUBMED_XML = """<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.example/p.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">30000001</PMID><Article><Journal>
<JournalIssue><Volume>12</Volume><Issue>3</Issue><PubDate><Year>2019</Year></PubDate></JournalIssue>
<Title>Annals of Itch</Title></Journal><ArticleTitle>Zorifen for <i>chronic</i> itch</ArticleTitle>
<Pagination><MedlinePgn>101-110</MedlinePgn></Pagination>
<ELocationID EIdType="doi">10.1000/itch.101</ELocationID>
<Abstract><AbstractText>Itch is common.</AbstractText></Abstract>
<AuthorList><Author><LastName>Arden</LastName><ForeName>Paul</ForeName></Author>
<Author><LastName>Birch</LastName><ForeName>Quinn</ForeName></Author></AuthorList>
<Language>English</Language></Article>
<KeywordList><Keyword>pruritus</Keyword><Keyword>trial</Keyword></KeywordList></MedlineCitation></PubmedArticle>
<PubmedBookArticle><BookDocument><PMID>30000002</PMID><Book><BookTitle>A second paper</BookTitle>
<PubDate><Year>2020</Year></PubDate></Book></BookDocument></PubmedBookArticle>
</PubmedArticleSet>
"""

ICTRP = """<?xml version='1.0' encoding='UTF-8' ?>
<Trials_downloaded_from_ICTRP>
  <Trial><Internal_Number>1
    </Internal_Number><TrialID>EUCTR2019-000001-11-DE
    </TrialID><Public_title>Itch</Public_title><Scientific_title>Zorifen for chronic itch
    </Scientific_title><Primary_sponsor>Itch Group</Primary_sponsor>
    <Date_registration>10/02/2019</Date_registration>
    <Source_Register>EU Clinical Trials Register</Source_Register><web_address>https://example.org/1</web_address>
    <Condition>pruritus;itch</Condition></Trial>
  <Trial><TrialID>NCT00000002</TrialID><Public_title>A second paper</Public_title></Trial>
</Trials_downloaded_from_ICTRP>
"""

CTGOV = """{"studies": [{"protocolSection": {
 "identificationModule": {"nctId": "NCT00000001", "briefTitle": "Itch",
  "officialTitle": "Zorifen for chronic itch"},
 "statusModule": {"startDateStruct": {"date": "2019-03"}},
 "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Itch Group"}},
 "descriptionModule": {"briefSummary": "Itch is common."},
 "conditionsModule": {"conditions": ["Pruritus"], "keywords": ["itch"]}}},
 {"protocolSection": {"identificationModule": {"nctId": "NCT00000002", "briefTitle": "A second paper"}}}]}
"""

ARTICLES = {
    "ris": RIS,
    "nbib": NBIB,
    "wos_plain": WOS,
    "enw": ENW,
    "bibtex": BIBTEX,
    "endnote_xml": ENDNOTE_XML,
    "pubmed_xml": PUBMED_XML,
    "csv": CSV,
    "tsv": CSV.replace("; ", "| ")
    .replace(",", "\t")
    .replace('"Arden\t', '"Arden,')
    .replace("Birch\t", "Birch,"),
}
REGISTRATIONS = {"ictrp_xml": ICTRP, "ctgov_json": CTGOV}
EVERY = {**ARTICLES, **REGISTRATIONS}
