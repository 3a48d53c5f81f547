using System.Globalization;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Resources;

namespace IdentityProvider.Server.Tests.Languages;

public sealed class TextFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idp-texts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_is_a_language_and_what_it_lacks_stays_English()
    {
        Write("PageTexts.fr.json", """{ "SignIn.Title": "Se connecter", "SignIn.Lead": "pour continuer vers <bdi>{0}</bdi>" }""");
        var catalog = Catalog();
        var french = catalog.LocalizerOf<PageTexts>(CultureInfo.GetCultureInfo("fr"));

        Assert.Equal(["de", "en", "fr"], catalog.All.Select(language => language.Name));
        Assert.Equal("Se connecter", french["SignIn.Title"]);
        Assert.Equal("pour continuer vers <bdi>Shop</bdi>", french["SignIn.Lead", "Shop"]);
        Assert.Equal("Password", french["SignIn.Password"]);
        Assert.Contains("texts are missing and stay English", Assert.Single(catalog.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resource_file_is_read_like_that_of_the_program()
    {
        Write("PageTexts.fr.resx", """<root><data name="SignIn.Title"><value>Se connecter</value></data></root>""");

        Assert.Equal("Se connecter", Catalog().LocalizerOf<PageTexts>(CultureInfo.GetCultureInfo("fr-CA"))["SignIn.Title"]);
    }

    [Fact]
    public void A_region_takes_what_it_lacks_from_its_language()
    {
        Write("PageTexts.de-AT.json", """{ "SignIn.Title": "Einloggen" }""");
        var catalog = Catalog();
        var austrian = catalog.LocalizerOf<PageTexts>(catalog.Choose(["de-AT"]));

        Assert.Equal(("Einloggen", "Passwort"), (austrian["SignIn.Title"].Value, austrian["SignIn.Password"].Value));
        Assert.Equal("Anmelden", catalog.LocalizerOf<PageTexts>(catalog.Choose(["de-CH"]))["SignIn.Title"]);
        Assert.Empty(catalog.Notes);
    }

    [Fact]
    public void A_text_of_the_program_can_be_replaced()
    {
        Write("PageTexts.en.json", """{ "Home.Title": "Northwind" }""");

        Assert.Equal("Northwind", Catalog().LocalizerOf<PageTexts>(CultureInfo.GetCultureInfo("en"))["Home.Title"]);
    }

    [Fact]
    public void A_key_that_nobody_knows_is_noted_with_the_one_that_was_meant()
    {
        Write("PageTexts.de.json", """{ "SignIn.Titel": "Anmelden" }""");

        Assert.Equal(["PageTexts.de.json: there is no text SignIn.Titel; did you mean SignIn.Title?"], Catalog().Notes);
    }

    [Theory]
    [InlineData("PageTexts.fr.json", """{ "SignIn.Lead": "pour continuer" }""", "places {0}")]
    [InlineData("PageTexts.fr.json", """{ "SignIn.Lead": "vers <bdi>{0}</bdi> {1}" }""", "places {0}")]
    [InlineData("PageTexts.fr.json", """{ "SignIn.Lead": "vers <bdi>{0}</bdi> {" }""", "places {0}")]
    [InlineData("PageTexts.fr.json", """{ "SignIn.Title": "" }""", "1 to 4000 characters")]
    [InlineData("PageTexts.fr.json", """{ "SignIn.Title": "a\u0000b" }""", "control characters")]
    [InlineData("PageTexts.fr.json", """{ "SignIn.Title": "a", "SignIn.Title": "b" }""", "cannot be read")]
    [InlineData("PageTexts.fr.json", """{ "SignIn.Title": { "a": "b" } }""", "cannot be read")]
    [InlineData("PageTexts.fr.json", "not JSON", "cannot be read")]
    [InlineData("PageTexts.fr.resx", """<!DOCTYPE root [<!ENTITY a SYSTEM "file:///etc/hostname">]><root><data name="SignIn.Title"><value>&a;</value></data></root>""", "cannot be read")]
    [InlineData("PageTexts.french-language.json", "{}", "must be called")]
    [InlineData("OtherTexts.fr.json", "{}", "must be called")]
    [InlineData("fr.json", "{}", "must be called")]
    public void A_broken_file_hinders_the_start(string file, string content, string problem)
    {
        Write(file, content);

        var found = Assert.Single(Options().Validate());

        Assert.StartsWith($"Languages:folder has {file}", found, StringComparison.Ordinal);
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<b>Sign in</b>")]
    [InlineData("a <img src=x onerror=alert(1)")]
    public void A_text_cannot_bring_markup_of_its_own(string text)
    {
        Write("PageTexts.fr.json", $$"""{ "SignIn.Title": "{{text}}", "SignIn.Lead": "<bdi onclick=x>{0}</bdi>" }""");

        Assert.Equal(2, Options().Validate().Count(problem => problem.Contains("markup", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_default_language_must_be_there()
    {
        var options = Options();
        options.DefaultLanguage = "fr";

        Assert.Equal(["Languages:default_language must be one of de, en."], options.Validate());
    }

    [Fact]
    public void Who_asks_for_nothing_we_have_gets_the_default()
    {
        var options = Options();
        options.DefaultLanguage = "de";

        Assert.Equal("de", new LanguageCatalog(options).Choose(["xx", null, "fr-FR"]).Name);
    }

    private LanguagesOptions Options() => new() { Folder = _folder.FullName };

    private LanguageCatalog Catalog()
    {
        Assert.Empty(Options().Validate());
        return new LanguageCatalog(Options());
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.FullName, name), content);
}
