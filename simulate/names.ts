/** Common given and family names by tongue. */
import type { NameTongue } from './regions.ts';

const words = (text: string): readonly string[] => text.split(' ');

export const GIVEN_NAMES: Readonly<Record<NameTongue, readonly string[]>> = {
  en: words(
    'James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas Sarah Charles Karen Daniel Nancy Matthew Lisa Anthony Betty Mark Margaret Steven Sandra Andrew Ashley Kevin Emily Brian Donna George Michelle Catherine Philip Amanda Stephen Rebecca Oliver Grace Henry Chloe Jack Sophie Katherine Jonathan Aisha Omar Priya Arjun Mei Wei',
  ),
  de: words(
    'Lukas Anna Leon Mia Finn Emma Jonas Hannah Paul Lena Maximilian Lea Felix Marie Jürgen Sabine Stefan Petra Thomas Andrea Michael Claudia Wolfgang Ursula Björn Käthe Günther Heike Matthias Katharina Philipp Johanna Moritz Franziska Ayşe Mehmet Jörg Bärbel',
  ),
  fr: words(
    'Jean Marie Pierre Camille Louis Léa Hugo Manon Lucas Chloé Arthur Inès Jules Zoé Gabriel Élodie François Hélène Mathieu Céline Nicolas Aurélie Antoine Sophie Julien Isabelle Théo Clémence Karim Fatima Benoît Noémie',
  ),
  es: words(
    'Antonio María José Carmen Manuel Ana Francisco Isabel Javier Lucía David Paula Daniel Elena Carlos Marta Alejandro Sofía Miguel Laura Rafael Raquel Pablo Cristina Álvaro Inés Sergio Begoña Iñaki Núria',
  ),
  nl: words(
    'Jan Anna Pieter Maria Daan Emma Sem Julia Lucas Sophie Willem Johanna Bram Lotte Thijs Sanne Ruben Femke Joost Marieke Koen Anouk',
  ),
  pt: words(
    'João Maria José Ana Pedro Mariana Lucas Beatriz Gabriel Juliana Rafael Camila Thiago Letícia Bruno Larissa Antônio Conceição Luís Patrícia',
  ),
};

export const FAMILY_NAMES: Readonly<Record<NameTongue, readonly string[]>> = {
  en: words(
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Wilson Anderson Taylor Thomas Moore Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Baker Nelson Carter Mitchell Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris Murphy Cook Rogers Bailey Patel Khan Nguyen Chen O'Brien Macdonald",
  ),
  de: words(
    'Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Maier Köhler Yılmaz Weiß',
  ),
  fr: words(
    'Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre Michel Garcia David Bertrand Roux Vincent Fournier Morel Girard André Mercier Dupont Lambert Bonnet François Martinez Lévêque',
  ),
  es: words(
    'García González Rodríguez Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ibáñez',
  ),
  nl: words(
    'Jong Jansen Vries Berg Bakker Dijk Visser Smit Meijer Boer Mulder Groot Bos Vos Peters Hendriks Leeuwen Dekker Brouwer Wit',
  ),
  pt: words(
    'Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins Carvalho Almeida Araújo Conceição Gonçalves',
  ),
};

const PLAIN: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', ı: 'i' };

/** Lower case letters a to z and digits only, as people write their name in an address. */
export const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[äöüßı]/g, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '');
