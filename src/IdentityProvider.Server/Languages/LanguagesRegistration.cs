using IdentityProvider.Server.Composition.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Languages;

/// <summary>Texts by language, for pages and mail.</summary>
internal static class LanguagesRegistration
{
    public static IServiceCollection AddLanguages(this IServiceCollection services, ServerSettings settings)
    {
        var languages = new LanguageCatalog(settings.Get<LanguagesOptions>());
        settings.Protocol.UiLocales = [.. languages.All.Select(language => language.Name)];
        services.AddSingleton(languages);
        services.AddSingleton<LanguageCookie>();
        services.AddScoped<LanguageDesk>();
        services.AddLocalization();
        services.Replace(ServiceDescriptor.Singleton<IStringLocalizerFactory, TextLocalizerFactory>());
        return services;
    }
}
