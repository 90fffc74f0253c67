package search

// corpus is a small site in four languages, with members' and group documents.
func corpus() []Document {
	docs := []Document{
		{
			ID: "country-cuw", Record: "country-cuw", Type: "country", Lang: "en", URL: "/countries/cuw/", Title: "Curaçao", Names: []string{"CUW"},
			Body: "An autonomous country of the Kingdom. Reception of people who flee stands at the centre of its plans.", Countries: []string{"CUW"},
		},
		{
			ID: "country-tto", Record: "country-tto", Type: "country", Lang: "en", URL: "/countries/tto/", Title: "Trinidad and Tobago", Names: []string{"TTO", "Trinité-et-Tobago"},
			Body: "A twin-island republic that follows asylum cases through a special unit.", Countries: []string{"TTO"},
		},
		{
			ID: "theme-resettlement", Record: "theme-resettlement", Type: "theme", Lang: "en", URL: "/themes/resettlement/", Title: "Resettlement",
			Body: "Moving refugees to a third country that has agreed to admit them.", Themes: []string{"resettlement"},
		},
		{
			ID: "theme-resettlement-es", Record: "theme-resettlement", Type: "theme", Lang: "es", URL: "/es/themes/resettlement/", Title: "Reasentamiento",
			Body: "El traslado de refugiados a un tercer país que ha aceptado recibirlos.", Themes: []string{"resettlement"},
		},
		{
			ID: "practice-rrtm", Record: "practice-rrtm", Type: "practice", Lang: "en", URL: "/practices/rrtm/", Title: "Regional Roster for Temporary Missions", Acronyms: []string{"RRTM"},
			Body: "A list of trained officers who help a neighbour for some weeks.", Countries: []string{"TTO"}, Themes: []string{"resettlement"}, Year: 2016, Date: day(2016, 5, 2),
		},
		{
			ID: "practice-rrtm#par-1", Record: "practice-rrtm", Type: "practice", Lang: "en", URL: "/practices/rrtm/", Anchor: "par-1", Place: 1, Title: "Regional Roster for Temporary Missions", Heading: "What was done",
			Body: "Officers of the roster interviewed stateless migrants near the harbour.", Countries: []string{"TTO"}, Themes: []string{"resettlement"}, Year: 2016, Date: day(2016, 5, 2), Page: 3,
		},
		{
			ID: "practice-rrtm#par-2", Record: "practice-rrtm", Type: "practice", Lang: "en", URL: "/practices/rrtm/", Anchor: "par-2", Place: 2, Title: "Regional Roster for Temporary Missions", Heading: "Lessons",
			Body: "Interviews took longer where no interpreter was at hand.", Countries: []string{"TTO"}, Themes: []string{"resettlement"}, Year: 2016, Date: day(2016, 5, 2), Page: 4,
		},
		{
			ID: "rec-3", Record: "cmc-2017-ns-3", Type: "recommendation", Lang: "en", URL: "/recommendations/cmc-2017-ns-3/", Title: "Share contact points", Symbol: "CMC/2017/NS/3",
			Body: "Each delegation names a person who answers letters about resettlement and reception.", Year: 2017, Date: day(2017, 12, 6),
		},
		{
			ID: "rec-4", Record: "cmc-2017-ns-4", Type: "recommendation", Lang: "en", URL: "/recommendations/cmc-2017-ns-4/", Title: "Train three border officers", Symbol: "CMC/2017/NS/4",
			Body: "Training of 3 officers in every NS group; the officers then train others in reception.", Year: 2017, Date: day(2017, 12, 6),
		},
		{
			ID: "practice-es", Record: "practice-es", Type: "practice", Lang: "es", URL: "/es/practices/es/", Title: "Atención a las personas migrantes",
			Body: "La oficina atiende a cada migrante que llega y a los niños que viajan solos.", Countries: []string{"CUB"}, Year: 2018, Date: day(2018, 1, 1),
		},
		{
			ID: "practice-fr", Record: "practice-fr", Type: "practice", Lang: "fr", URL: "/fr/practices/fr/", Title: "L’accueil des réfugiés",
			Body: "Le service d’asile reçoit les réfugiées et leurs familles; l’hébergement est gratuit.", Countries: []string{"HTI"}, Year: 2019, Date: day(2019, 1, 1),
		},
		{
			ID: "practice-nl", Record: "practice-nl", Type: "practice", Lang: "nl", URL: "/nl/practices/nl/", Title: "Registratie van staatlozen",
			Body: "De dienst registreert vluchtelingen en geeft een voorlopig document aan elke staatloze.", Countries: []string{"SUR"}, Year: 2018, Date: day(2018, 6, 1),
		},
	}
	for i := range docs {
		docs[i].Audience = []string{Public}
	}
	return append(docs,
		Document{
			ID: "members-1", Record: "practice-draft", Type: "practice", Lang: "en", URL: "/practices/draft/", Title: "Zanzibarian registry", Acronyms: []string{"ZRX"},
			Body: "A confidential ledger of stateless migrants, the quokkabook.", Countries: []string{"GUY"}, Themes: []string{"secretheme"}, Year: 2020, Date: day(2020, 1, 1), Audience: []string{"members"},
		},
		Document{
			ID: "theme-secret", Record: "theme-secretheme", Type: "theme", Lang: "en", URL: "/themes/secret/", Title: "Whispered matters",
			Body: "Only for members.", Themes: []string{"secretheme"}, Audience: []string{"members"},
		},
		Document{
			ID: "group-1", Record: "topic-7", Type: "post", Lang: "en", URL: "/forum/posts/7", Title: "Reception at the harbour",
			Body: "Our group counted migrants near the harbour.", Date: day(2021, 1, 1), Audience: []string{"group:ns", "secretariat"},
		},
	)
}
