"""Invented names: patients are called after plants, staff after birds."""

GIVEN = (
    "Ada", "Agnes", "Alan", "Alma", "Amir", "Anders", "Anita", "Arlo", "Asta", "Barbara", "Basil", "Bela",
    "Bianca", "Boris", "Carmen", "Cecil", "Celia", "Chidi", "Clive", "Dagny", "Dalia", "Dario", "Delia",
    "Dmitri", "Doris", "Edith", "Edgar", "Elena", "Eli", "Emeka", "Enid", "Erik", "Esther", "Ezra", "Fatima",
    "Felix", "Flora", "Frida", "George", "Gita", "Greta", "Gustav", "Hana", "Harold", "Hector", "Hilda",
    "Hugo", "Ibrahim", "Ida", "Igor", "Imani", "Ines", "Ivan", "Jamal", "Janet", "Joan", "Jonas", "Julia",
    "Kamal", "Karin", "Kenji", "Klara", "Lars", "Laura", "Leah", "Leo", "Lidia", "Louis", "Luis", "Magda",
    "Malik", "Margot", "Mario", "Marta", "Mei", "Milan", "Mina", "Miguel", "Nadir", "Nell", "Nina", "Norman",
    "Olga", "Omar", "Oscar", "Paula", "Pedro", "Petra", "Quentin", "Rachel", "Ralph", "Rana", "Rene",
    "Rosa", "Rupert", "Sadia", "Samir", "Sara", "Selma", "Silas", "Sonia", "Stefan", "Tamara", "Theo",
    "Thora", "Tobias", "Ursula", "Vera", "Victor", "Wilma", "Xavier", "Yasmin", "Yusuf", "Zelda", "Zoran",
)  # fmt: skip

FAMILY = (
    "Acacia", "Alder", "Almond", "Anise", "Arnica", "Ash", "Aspen", "Aster", "Azalea", "Balsam", "Bamboo",
    "Basil", "Bay", "Beech", "Begonia", "Birch", "Borage", "Bracken", "Bramble", "Broom", "Cane", "Caraway",
    "Cassia", "Cedar", "Chestnut", "Chicory", "Clover", "Comfrey", "Coriander", "Cypress", "Dahlia", "Daisy",
    "Dill", "Dogwood", "Elder", "Elm", "Fennel", "Fern", "Fig", "Flax", "Foxglove", "Furze", "Gentian",
    "Ginger", "Gorse", "Hawthorn", "Hazel", "Heather", "Hemlock", "Holly", "Hop", "Hyssop", "Iris", "Ivy",
    "Jasmine", "Juniper", "Larch", "Laurel", "Lavender", "Lilac", "Linden", "Lotus", "Lovage", "Lupin",
    "Mallow", "Maple", "Marigold", "Mint", "Moss", "Mulberry", "Myrtle", "Nettle", "Oak", "Oleander", "Olive",
    "Orchid", "Palm", "Pansy", "Parsley", "Peony", "Pine", "Plum", "Poplar", "Poppy", "Primrose", "Quince",
    "Reed", "Rose", "Rowan", "Rue", "Rush", "Saffron", "Sage", "Sedge", "Sorrel", "Spruce", "Sumac", "Tansy",
    "Teak", "Thistle", "Thyme", "Tulip", "Vetch", "Violet", "Walnut", "Willow", "Yarrow", "Yew", "Zinnia",
)  # fmt: skip

PROVIDERS = {
    "neurology": "Dr Ida Avocet",
    "pulmonology": "Dr Ben Kite",
    "gastroenterology": "Dr Lou Harrier",
    "speech_language_pathology": "Ann Warbler",
    "nutrition": "Kit Linnet",
    "physical_therapy": "Sam Dipper",
    "occupational_therapy": "Joy Siskin",
    "social_work": "Lee Pipit",
    "palliative_care": "Dr May Egret",
}

PAYERS = ("Medicare", "Medicare Advantage", "Medicaid", "Demo Mutual")
VENDORS = ("Slate Mobility", "Basalt Respiratory", "Pumice Home Care", "Quartz Speech", "Flint Medical")
