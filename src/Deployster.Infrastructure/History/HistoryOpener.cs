using Microsoft.Data.Sqlite;

namespace Deployster.Infrastructure.History;

/// <summary>Opens the history's file. Whoever asks for the connection closes it.</summary>
internal delegate SqliteConnection HistoryOpener();
