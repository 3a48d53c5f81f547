namespace IdentityProvider.Server.Tests.Composition.Settings;

public sealed class SettingsLoaderTests : IDisposable
{
    private const string Web =
        """
        {
          "client_id": "web", "client_secret": "a-secret-of-more-than-24-characters", "client_name": "Web",
          "redirect_uris": ["https://a.example/cb", "https://b.example/cb"], "scope": "openid"
        }
        """;

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_later_file_wins_member_by_member()
    {
        var settings = _folder
            .Section("""{ "Tokens": { "access_token_lifetime": 300, "clock_skew": 5 } }""")
            .Section("""{ "Tokens": { "access_token_lifetime": 400 } }""")
            .LoadForDevelopment();

        Assert.Empty(_folder.Problems);
        Assert.Equal(TimeSpan.FromSeconds(400), settings.Protocol.Tokens.AccessTokenLifetime);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Protocol.Tokens.ClockSkew);
        Assert.Equal(TimeSpan.FromSeconds(60), settings.Protocol.Tokens.AuthorizationCodeLifetime);
    }

    [Fact]
    public void Null_in_a_later_file_restores_the_default()
    {
        var settings = _folder
            .Section("""{ "Tokens": { "access_token_lifetime": 300 } }""")
            .Section("""{ "Tokens": { "access_token_lifetime": null } }""")
            .LoadForDevelopment();

        Assert.Empty(_folder.Problems);
        Assert.Equal(TimeSpan.FromMinutes(10), settings.Protocol.Tokens.AccessTokenLifetime);
    }

    [Fact]
    public void Lists_merge_by_identifier_and_never_by_position()
    {
        var settings = _folder
            .Section($$"""{ "Declared": { "Clients": [ {{Web}} ] } }""")
            .Section(
                """
                { "Declared": { "Clients": [
                  { "client_id": "worker", "client_secret": "another-secret-of-more-than-24", "grant_types": ["client_credentials"] },
                  { "client_id": "web", "client_name": "Shop" }
                ] } }
                """)
            .LoadForDevelopment();

        Assert.Empty(_folder.Problems);
        Assert.Equal(["web", "worker"], settings.Declared.Clients.Select(client => client.ClientId));
        Assert.Equal("Shop", settings.Declared.Clients[0].ClientName);
        Assert.Equal("openid", settings.Declared.Clients[0].Scope);
        Assert.Null(settings.Declared.Clients[1].ClientName);
    }

    [Fact]
    [Clause("RFC 7591", "2.2", "Human-readable client metadata values may be represented in multiple languages and scripts.")]
    public void What_people_read_may_be_written_for_each_language_and_merges_like_any_member()
    {
        var settings = _folder
            .Section($$"""{ "Declared": { "Clients": [ {{Web}} ], "Scopes": [ { "name": "a", "display_name#de": "Lesen", "description#de-AT": "Alles lesen" } ] } }""")
            .Section("""{ "Declared": { "Clients": [ { "client_id": "web", "client_name#de": "Netz", "client_name#fr": "Toile", "tos_uri#de": "https://a.example/de" } ] } }""")
            .Section("""{ "Declared": { "Clients": [ { "client_id": "web", "client_name#de": "Laden", "client_name#fr": null } ] } }""")
            .Argument("IdentityProvider:Declared:Clients:web:policy_uri#de", "https://a.example/privat")
            .LoadForDevelopment();

        Assert.Empty(_folder.Problems);
        Assert.Equal(
            [("client_name", "de", "Laden"), ("tos_uri", "de", "https://a.example/de"), ("policy_uri", "de", "https://a.example/privat")],
            settings.Declared.Clients[0].LocalizedTexts.Select(text => (text.Member, text.Language, text.Value)));
        Assert.Equal(
            [("display_name", "de", "Lesen"), ("description", "de-AT", "Alles lesen")],
            settings.Declared.Scopes[0].LocalizedTexts.Select(text => (text.Member, text.Language, text.Value)));
    }

    [Theory]
    [InlineData("Clients", "\"client_name#de\": 5", "client_name#de (2.json): must be a string.")]
    [InlineData("Clients", "\"scope#de\": \"openid\"", "scope#de (2.json): is not known here.")]
    [InlineData("Clients", "\"client_name#\": \"x\"", "client_name (1.json): with a language tag must be a member people read and a tag of BCP 47.")]
    [InlineData("Clients", "\"tos_uri#de\": \"javascript:0\"", "tos_uri (2.json): with a language tag must be")]
    [InlineData("Scopes", "\"display_name#d_e\": \"x\"", "display_name (2.json): must have a tag of BCP 47 behind the number sign.")]
    [InlineData("Scopes", "\"display_name#de\": \"\"", "display_name (2.json): must be 1 to 100 characters")]
    [InlineData("Scopes", "\"description#de\": \"\"", "description (2.json): must have 1 to 500 characters.")]
    public void A_text_of_a_language_keeps_the_rules_of_its_member(string list, string member, string problem)
    {
        var name = list is "Clients" ? "\"client_id\": \"web\"" : "\"name\": \"a\"";
        _folder
            .Section($$"""{ "Declared": { "Clients": [ {{Web}} ] } }""")
            .Section($$"""{ "Declared": { "{{list}}": [ { {{name}}, {{member}} } ] } }""")
            .LoadForDevelopment();

        Assert.Contains(problem, Assert.Single(_folder.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void An_inner_list_is_replaced_as_a_whole()
    {
        var settings = _folder
            .Section($$"""{ "Declared": { "Clients": [ {{Web}} ] } }""")
            .Section("""{ "Declared": { "Clients": [ { "client_id": "web", "redirect_uris": ["https://c.example/cb"] } ] } }""")
            .LoadForDevelopment();

        Assert.Empty(_folder.Problems);
        Assert.Equal(["https://c.example/cb"], settings.Declared.Clients[0].RedirectUris);
    }

    [Theory]
    [InlineData("""{ "Tokens": { "acces_token_lifetime": 300 } }""", "IdentityProvider:Tokens:acces_token_lifetime (1.json): is not known here; did you mean access_token_lifetime?")]
    [InlineData("""{ "tokens": {} }""", "IdentityProvider:tokens (1.json): is not known here; did you mean Tokens?")]
    [InlineData("""{ "Elephants": {} }""", "IdentityProvider:Elephants (1.json): is not known here.")]
    [InlineData("""{ "Tokens": [] }""", "IdentityProvider:Tokens (1.json): must be an object.")]
    [InlineData("""{ "Tokens": { "clock_skew": "soon" } }""", "IdentityProvider:Tokens:clock_skew (1.json): must be a whole number of seconds, 0 or more.")]
    [InlineData("""{ "Tokens": { "clock_skew": 1.5 } }""", "IdentityProvider:Tokens:clock_skew (1.json): must be a whole number of seconds, 0 or more.")]
    [InlineData("""{ "Tokens": { "clock_skew": -1 } }""", "IdentityProvider:Tokens:clock_skew (1.json): must be a whole number of seconds, 0 or more.")]
    [InlineData("""{ "Tokens": { "clock_skew": 61 } }""", "IdentityProvider:Tokens:clock_skew (1.json): must be from 0 to 60 seconds.")]
    [InlineData("""{ "Deliveries": { "attempt_time": 601 } }""", "IdentityProvider:Deliveries:attempt_time (1.json): must be from 10 seconds to 10 minutes.")]
    [InlineData("""{ "Deliveries": { "attempt_time": 30 } }""", "IdentityProvider:Deliveries:attempt_time (1.json): must be longer than Mail:timeout and Outbound:timeout.")]
    [InlineData(
        """{ "Deliveries": { "attempt_time": 120 }, "Storage": { "provider": "postgresql", "connection_string": "Host=db" } }""",
        "IdentityProvider:Deliveries:attempt_time (1.json): must be longer than Mail:timeout and Outbound:timeout by 90 seconds, for clocks of nodes may differ so far.")]
    [InlineData("""{ "Sessions": { "allow_persistent": "perhaps" } }""", "IdentityProvider:Sessions:allow_persistent (1.json): must be true or false.")]
    [InlineData("""{ "Issuer": 7 }""", "IdentityProvider:Issuer (1.json): must be a string.")]
    [InlineData("""{ "Declared": { "Clients": {} } }""", "IdentityProvider:Declared:Clients (1.json): must be a list of objects, each with its client_id.")]
    [InlineData("""{ "Declared": { "Clients": [ {} ] } }""", "IdentityProvider:Declared:Clients:0 (1.json): client_id is missing; every object of the list needs it.")]
    [InlineData("""{ "Declared": { "Clients": [ { "client_id": 5 } ] } }""", "IdentityProvider:Declared:Clients:0 (1.json): client_id is missing; every object of the list needs it.")]
    [InlineData(
        """{ "Declared": { "Scopes": [ { "name": "a" }, { "name": "a" } ] } }""",
        "IdentityProvider:Declared:Scopes:a (1.json): is declared twice in one file (name).")]
    [InlineData(
        """{ "Declared": { "Scopes": [ { "name": "a", "claims": "email" } ] } }""",
        "IdentityProvider:Declared:Scopes:a:claims (1.json): must be a list of strings.")]
    [InlineData(
        """{ "Declared": { "Scopes": [ { "name": "a", "displayname": "A" } ] } }""",
        "IdentityProvider:Declared:Scopes:a:displayname (1.json): is not known here; did you mean display_name?")]
    public void A_mistake_names_path_file_and_what_would_be_right(string section, string problem)
    {
        _folder.Section(section).LoadForDevelopment();

        Assert.Equal([problem], _folder.Problems);
    }

    [Fact]
    public void All_problems_of_all_files_are_told_at_once()
    {
        _folder
            .Section("""{ "Tokens": { "clock_skew": 100, "ttl": 1 } }""")
            .Section("""{ "Declared": { "Clients": [ { "client_id": "web", "redirct_uris": [], "token_endpoint_auth_method": "none" } ] } }""")
            .Load();

        Assert.Contains("IdentityProvider:Tokens:ttl (1.json): is not known here.", _folder.Problems);
        Assert.Contains("IdentityProvider:Tokens:clock_skew (1.json): must be from 0 to 60 seconds.", _folder.Problems);
        Assert.Contains(
            "IdentityProvider:Declared:Clients:web:redirct_uris (2.json): is not known here; did you mean redirect_uris?", _folder.Problems);
        Assert.Contains(
            "IdentityProvider:Declared:Clients:web:redirect_uris (2.json): is missing; the grant type authorization_code needs it (RFC 7591 §2).",
            _folder.Problems);
        Assert.Contains(
            "IdentityProvider:Issuer: is missing: the https address under which clients reach this server.", _folder.Problems);
    }

    [Fact]
    public void A_contradiction_names_the_file_that_made_it()
    {
        _folder
            .Section($$"""{ "Declared": { "Clients": [ {{Web}} ] } }""")
            .Section("""{ "Declared": { "Clients": [ { "client_id": "web", "token_endpoint_auth_method": "none" } ] } }""")
            .LoadForDevelopment();

        Assert.Equal(
            ["IdentityProvider:Declared:Clients:web:client_secret (1.json): contradicts token_endpoint_auth_method none, which uses none."],
            _folder.Problems);
    }

    [Theory]
    [InlineData("""{ "IdentityProvder": {} }""", "IdentityProvder (1.json): is not known here; did you mean IdentityProvider?")]
    [InlineData("""[]""", "$ (1.json): must be an object.")]
    public void A_file_of_another_shape_is_refused(string json, string problem)
    {
        _folder.File(json).LoadForDevelopment();

        Assert.Equal([problem], _folder.Problems);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{ "IdentityProvider": {}, "IdentityProvider": {} }""")]
    public void A_file_that_is_not_JSON_or_says_a_thing_twice_is_refused(string json)
    {
        _folder.File(json).LoadForDevelopment();

        Assert.Contains("$ (1.json): is not JSON, or says a thing twice: ", Assert.Single(_folder.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_trailing_commas_and_sections_of_the_host_are_allowed()
    {
        _folder.File(
            """
            {
              // why
              "Kestrel": { "Endpoints": {} },
              "logging": {},
              "IdentityProvider": { "Tokens": { "clock_skew": 1, }, },
            }
            """).LoadForDevelopment();

        Assert.Empty(_folder.Problems);
    }

    [Fact]
    public void A_config_file_that_does_not_exist_is_a_problem()
    {
        _folder.Missing("more.json").LoadForDevelopment();

        Assert.Contains("more.json): the file does not exist.", Assert.Single(_folder.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Environment_variables_win_over_files_and_the_command_line_over_both()
    {
        var settings = _folder
            .Section("""{ "Issuer": "https://file.example", "Tokens": { "clock_skew": 1, "status_list_ttl": 2 } }""")
            .Variable("IDENTITYPROVIDER__ISSUER", "https://variable.example")
            .Variable("IdentityProvider__Tokens__clock_skew", "7")
            .Load();

        Assert.Equal("https://variable.example", settings.Protocol.Issuer);
        Assert.Equal(TimeSpan.FromSeconds(7), settings.Protocol.Tokens.ClockSkew);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.Protocol.Tokens.StatusListTtl);

        using var other = new SettingsFolder();
        var overridden = other
            .Section("""{ "Issuer": "https://file.example" }""")
            .Argument("IdentityProvider:Issuer", "https://argument.example")
            .Load();
        Assert.Equal("https://argument.example", overridden.Protocol.Issuer);
    }

    [Fact]
    public void A_variable_reaches_a_declared_object_by_its_identifier()
    {
        var settings = _folder
            .Section($$"""{ "Declared": { "Clients": [ {{Web}} ] } }""")
            .Variable("IdentityProvider__Declared__Clients__web__client_secret", "the-secret-that-came-from-outside")
            .Variable("IdentityProvider__Declared__Clients__web__redirect_uris", """["https://d.example/cb"]""")
            .LoadForDevelopment();

        Assert.Empty(_folder.Problems);
        Assert.Equal("the-secret-that-came-from-outside", settings.Declared.Clients[0].ClientSecret);
        Assert.Equal(["https://d.example/cb"], settings.Declared.Clients[0].RedirectUris);
    }

    [Theory]
    [InlineData("IdentityProvider__Declared__Clients__0__client_name", "IdentityProvider:Declared:Clients:0 (environment variable IdentityProvider__Declared__Clients__0__client_name): is not known here.")]
    [InlineData("IdentityProvider__Declared__Clients__web", "IdentityProvider:Declared:Clients:web (environment variable IdentityProvider__Declared__Clients__web): is not a single value.")]
    [InlineData("IdentityProvider__Tokens", "IdentityProvider:Tokens (environment variable IdentityProvider__Tokens): is not a single value.")]
    [InlineData("IdentityProvider__Isuer", "IdentityProvider:Isuer (environment variable IdentityProvider__Isuer): is not known here; did you mean Issuer?")]
    public void A_variable_that_leads_nowhere_is_a_problem(string name, string problem)
    {
        _folder.Section($$"""{ "Declared": { "Clients": [ {{Web}} ] } }""").Variable(name, "x").LoadForDevelopment();

        Assert.Equal([problem], _folder.Problems);
    }

    [Fact]
    public void No_problem_repeats_a_secret()
    {
        _folder
            .Section("""{ "Declared": { "Clients": [ { "client_id": "web", "client_secret": "too-short-xyzzy", "grant_types": ["client_credentials"] } ] } }""")
            .Variable("IdentityProvider__Declared__Clients__web__client_secret", "short-xyzzy")
            .Load();

        Assert.NotEmpty(_folder.Problems);
        Assert.DoesNotContain(_folder.Problems, problem => problem.Contains("xyzzy", StringComparison.Ordinal));
    }
}
